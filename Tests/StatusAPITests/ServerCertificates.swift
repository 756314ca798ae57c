import Glibc
import StatusAPI
import TestKit

/// An authority of the tests' own with certificates, in a folder that is removed with this.
final class ServerCertificates: Sendable {
  static let isPossible = RealServer.isInstalled("/usr/bin/openssl")

  let folder: String

  init() throws {
    var template = Array("/tmp/status-tls-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw RealServer.Failure(what: "no folder") }
    folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    try run(Self.script)
  }

  deinit { try? run("rm -rf \"$PWD\"") }

  func path(_ name: String) -> String { folder + "/" + name }

  /// The files of a server; with the authority of clients where they have to show a certificate.
  func files(isMutual: Bool = false) -> TLSFiles {
    TLSFiles(
      certificate: path("server.pem"), key: path("server.key"), clientAuthority: isMutual ? path("ca.pem") : nil)
  }

  /// Runs a shell script in the folder, to its end.
  func run(_ script: String) throws {
    var process: pid_t = 0
    let command = ["/bin/sh", "-c", "cd '\(folder)' && exec >/dev/null 2>&1 && { \(script)\n}"]
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    guard posix_spawn(&process, command[0], nil, nil, arguments, environ) == 0 else {
      throw RealServer.Failure(what: "no shell")
    }
    var status: Int32 = 0
    waitpid(process, &status, 0)
    guard status == 0 else { throw RealServer.Failure(what: script) }
  }

  /// Makes the certificate `name` of `localhost`.
  static func making(_ name: String) -> String {
    "new -keyout \(name).key -out \(name).pem -subj /CN=\(name) -CA ca.pem -CAkey ca.key "
      + "-addext basicConstraints=critical,CA:FALSE -addext subjectAltName=DNS:localhost,IP:127.0.0.1"
  }

  static let new = """
    new() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "$@"; }

    """

  private static let script =
    new + """
      new -keyout ca.key -out ca.pem -subj '/CN=Authority of the tests' &&
      \(making("server")) && \(making("client")) && \(making("renewed")) &&
      new -keyout stranger.key -out stranger.pem -subj /CN=stranger
      """
}
