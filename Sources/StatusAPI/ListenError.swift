#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Why an address can't be listened on, and what to do.
package enum ListenError: Error, Hashable, Sendable, CustomStringConvertible {
  case addressInUse(String)
  case addressNotHere(String)
  case portNotAllowed(String)
  /// In the system's words.
  case refused(String, String)

  /// Reads what listening threw: the server library's `IOError`, whose text ends in `(errno: N)`.
  init(_ error: any Error, host: String, port: Int) {
    let address = (host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host) + ":\(port)"
    let words = String(describing: error)
    switch Self.errorNumber(in: words) {
    case EADDRINUSE: self = .addressInUse(address)
    case EADDRNOTAVAIL: self = .addressNotHere(address)
    case EACCES: self = .portNotAllowed(address)
    default: self = .refused(address, words)
    }
  }

  package var description: String {
    switch self {
    case .addressInUse(let address):
      "address \(address) is in use; stop what listens there, or choose another with --listen"
    case .addressNotHere(let address):
      "address \(address) is not one of this machine's; choose one of its own with --listen, or 0.0.0.0 for all"
    case .portNotAllowed(let address):
      "address \(address) is kept for the system; choose a port from 1024 on with --listen"
    case .refused(let address, let words): "address \(address) can't be listened on: \(words)"
    }
  }

  private static func errorNumber(in words: String) -> Int32? {
    let mark = "errno: "
    var rest = words[...]
    while !rest.isEmpty, !rest.hasPrefix(mark) { rest.removeFirst() }
    return Int32(rest.dropFirst(mark.count).prefix { $0.isNumber })
  }
}
