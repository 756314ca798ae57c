import CLibgit2
import Glibc
import Model

/// The public key that an ssh server shows.
struct ServerKey {
  /// As in known_hosts, such as `ssh-ed25519`.
  var type: String
  var bytes: [UInt8]
  /// `SHA256:` and 43 characters.
  var fingerprint: String

  init(_ key: git_cert_hostkey) {
    type =
      switch key.raw_type {
      case GIT_CERT_SSH_RAW_TYPE_RSA: "ssh-rsa"
      case GIT_CERT_SSH_RAW_TYPE_DSS: "ssh-dss"
      case GIT_CERT_SSH_RAW_TYPE_KEY_ECDSA_256: "ecdsa-sha2-nistp256"
      case GIT_CERT_SSH_RAW_TYPE_KEY_ECDSA_384: "ecdsa-sha2-nistp384"
      case GIT_CERT_SSH_RAW_TYPE_KEY_ECDSA_521: "ecdsa-sha2-nistp521"
      case GIT_CERT_SSH_RAW_TYPE_KEY_ED25519: "ssh-ed25519"
      default: "unknown"
      }
    let isRaw = key.type.rawValue & GIT_CERT_SSH_RAW.rawValue != 0
    bytes = isRaw ? [UInt8](UnsafeRawBufferPointer(start: key.hostkey, count: key.hostkey_len)) : []
    let hash = withUnsafeBytes(of: key.hash_sha256) { [UInt8]($0) }
    fingerprint = "SHA256:" + hash.base64.filter { $0 != "=" }
  }
}

extension RemoteSettings {
  /// Why the server's key isn't trusted; `nil` where it is.
  func judge(_ key: ServerKey) -> GitError? {
    let shown = GitError.HostKey(host: url.host, port: url.port, type: key.type, fingerprint: key.fingerprint)
    guard let file = knownHostsFile else { return .hostKeyUnknown(shown, file: nil) }
    guard let text = readText(file) else {
      return .unusableSetting(
        detail: "the known_hosts file '\(file)' can't be read: \(String(cString: strerror(errno)))")
    }
    switch KnownHosts(text).verdict(host: url.host, port: url.port, type: key.type, key: key.bytes) {
    case .known: return nil
    case .unknown, .otherTypes: return .hostKeyUnknown(shown, file: file)
    case .changed: return .hostKeyChanged(shown, file: file)
    case .revoked: return .hostKeyRevoked(shown, file: file)
    case .certificateAuthority:
      return .unsupported(
        detail: "'\(file)' vouches for '\(url.host)' by '@cert-authority', which libssh2 can't check;"
          + " add a line with the server's own key"
      )
    }
  }

  /// Why the certificate isn't trusted.
  func untrusted(_ failure: LibraryFailure) -> GitError {
    guard !url.isAddress else {
      return .unsupported(
        detail: "the certificate of '\(url.host)' can't be checked: mbedTLS 2.28, which libgit2 uses, knows no"
          + " certificates for addresses; use the server's name"
      )
    }
    let lines = failure.message.split(separator: "!").map { String($0).onOneLine }
    let detail = lines.count > 1 ? lines.dropFirst().joined(separator: "; ") : failure.fact
    return .certificateUntrusted(host: url.host, detail: detail)
  }
}

extension RemoteURL {
  /// Whether the host is written as an IP address.
  var isAddress: Bool {
    host.contains(":") || host.split(separator: ".").count == 4 && host.allSatisfy { $0.isNumber || $0 == "." }
  }
}

/// A small file's text; `nil`, with `errno`, where it can't be read.
func readText(_ path: String) -> String? {
  guard let file = fopen(path, "re") else { return nil }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 16384)
  while bytes.count < 16 << 20 {
    let count = fread(&buffer, 1, buffer.count, file)
    guard count > 0 else { break }
    bytes.append(contentsOf: buffer[..<count])
  }
  guard ferror(file) == 0 else { return nil }
  return String(decoding: bytes, as: UTF8.self)
}
