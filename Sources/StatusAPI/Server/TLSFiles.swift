#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif
import NIOSSL

/// Where the certificate of the server stands, its key, and who may sign those of clients. All are PEM.
package struct TLSFiles: Hashable, Sendable {
  /// The certificate, followed by those between it and its authority.
  package var certificate: String
  package var key: String
  /// The authorities of clients' certificates; with it every client has to show one.
  package var clientAuthority: String?

  package init(certificate: String, key: String, clientAuthority: String? = nil) {
    self.certificate = certificate
    self.key = key
    self.clientAuthority = clientAuthority
  }

  struct Contents: Hashable {
    var certificate: [UInt8]
    var key: [UInt8]
    var clientAuthority: [UInt8]?
  }

  func read() throws(TLSFileError) -> Contents {
    Contents(
      certificate: try Self.bytes(of: certificate), key: try Self.bytes(of: key),
      clientAuthority: try clientAuthority.map(Self.bytes(of:)))
  }

  func context(_ contents: Contents) throws(TLSFileError) -> NIOSSLContext {
    let chain = try Self.certificates(contents.certificate, in: certificate)
    let privateKey: NIOSSLPrivateKey
    do {
      privateKey = try NIOSSLPrivateKey(bytes: contents.key, format: .pem)
    } catch {
      throw .noKey(key)
    }
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = ["http/1.1"]
    if let authority = clientAuthority, let bytes = contents.clientAuthority {
      configuration.trustRoots = .certificates(try Self.certificates(bytes, in: authority))
      // A client's name is nobody's host; that its certificate is one of the authority's is what counts.
      configuration.certificateVerification = .noHostnameVerification
      configuration.sendCANameList = true
    }
    do {
      return try NIOSSLContext(configuration: configuration)
    } catch {
      throw .mismatch(certificate: certificate, key: key, words: "\(error)")
    }
  }

  private static func certificates(_ bytes: [UInt8], in file: String) throws(TLSFileError) -> [NIOSSLCertificate] {
    do {
      let chain = try NIOSSLCertificate.fromPEMBytes(bytes)
      guard !chain.isEmpty else { throw TLSFileError.noCertificate(file) }
      return chain
    } catch {
      throw .noCertificate(file)
    }
  }

  private static func fill(_ buffer: inout [UInt8], from descriptor: Int32) -> Int {
    buffer.withUnsafeMutableBytes { space in
      #if canImport(Glibc)
        Glibc.read(descriptor, space.baseAddress, space.count)
      #else
        Darwin.read(descriptor, space.baseAddress, space.count)
      #endif
    }
  }

  private static func bytes(of file: String) throws(TLSFileError) -> [UInt8] {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(file, errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = Self.fill(&buffer, from: descriptor)
      guard count >= 0 else { throw .unreadable(file, errno) }
      guard count > 0 else { return bytes }
      bytes += buffer[..<count]
      guard bytes.count <= TLSFileError.limit else { throw .tooLong(file) }
    }
  }
}

/// What is wrong with a file of the server's certificate, and what to do.
package enum TLSFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The most bytes a file may have: a certificate has a few thousand.
  static let limit = 1 << 20

  /// With the system's number.
  case unreadable(String, Int32)
  case tooLong(String)
  case noCertificate(String)
  case noKey(String)
  case mismatch(certificate: String, key: String, words: String)

  package var description: String {
    switch self {
    case .unreadable(let file, ENOENT): "'\(file)' isn't there; give the path of a PEM file"
    case .unreadable(let file, EACCES):
      "'\(file)' may not be read by user \(getuid()); give it to that user's group and allow it to read, as with "
        + "chgrp and chmod 640, or with fsGroup in Kubernetes"
    case .unreadable(let file, let number): "'\(file)' can't be read: \(String(cString: strerror(number)))"
    case .tooLong(let file): "'\(file)' is longer than 1 MiB; a PEM file with a certificate or a key is accepted"
    case .noCertificate(let file):
      "'\(file)' has no certificate; PEM is accepted, which begins with -----BEGIN CERTIFICATE-----"
    case .noKey(let file):
      "'\(file)' has no private key without a password; PEM is accepted, which begins with -----BEGIN PRIVATE KEY-----"
    case .mismatch(let certificate, let key, let words):
      "the key in '\(key)' isn't that of the first certificate in '\(certificate)', or one of both can't be used: "
        + words
    }
  }
}
