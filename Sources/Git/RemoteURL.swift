package import Model

/// The address of a remote repository, without any secret.
package struct RemoteURL: Hashable, Sendable, CustomStringConvertible {
  /// How the repository is reached.
  package enum Kind: Hashable, Sendable {
    case https, http, ssh, local
  }

  package let kind: Kind
  /// What the library is given: no user information but the ssh user.
  package let text: String
  /// The host's name or address, without brackets; empty for a local path.
  package let host: String
  /// The port in the address, or the one that goes with the kind.
  package let port: Int
  /// The user named in an ssh address.
  package let user: String?

  /// For people: without user information, query and fragment.
  package var description: String { redactedURL(text) }

  /// User name and password that stood in the address.
  package struct UserInfo: Hashable, Sendable {
    package let user: String
    package let password: Secret?
  }

  /// Reads `https://`, `http://`, `ssh://` and `file://` addresses, `user@host:path`, and absolute paths.
  ///
  /// What the address said of user and password over http is handed out apart, so that nothing keeps it by accident.
  package static func parse(_ text: String) throws(GitError) -> (url: RemoteURL, userInfo: UserInfo?) {
    guard !text.isEmpty else { throw .unusableSetting(detail: "the repository's address is empty; \(accepted)") }
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
      throw .unusableSetting(detail: "the repository's address has a space or control character; \(accepted)")
    }
    if text.hasPrefix("/") { return (RemoteURL(.local, text, "", 0, nil), nil) }
    guard let separator = text.firstRange(ofASCII: "://") else { return (try scpStyle(text), nil) }
    let rest = text[separator.upperBound...]
    switch text[..<separator.lowerBound].lowercased() {
    case "https": return try web(.https, rest, port: 443)
    case "http": return try web(.http, rest, port: 80)
    case "ssh", "git+ssh", "ssh+git": return (try ssh(rest), nil)
    case "file":
      guard rest.hasPrefix("/") else {
        throw .unusableSetting(
          detail: "'\(redactedURL(text))' has no absolute path; write 'file:///path/to/repository'")
      }
      return (RemoteURL(.local, text, "", 0, nil), nil)
    case let scheme:
      throw .unusableSetting(detail: "addresses that begin with '\(scheme)://' are not read; \(accepted)")
    }
  }

  private static let accepted = "'https://…', 'ssh://…', 'user@host:path', 'file:///…' or an absolute path is accepted"

  private init(_ kind: Kind, _ text: String, _ host: String, _ port: Int, _ user: String?) {
    self.kind = kind
    self.text = text
    self.host = host
    self.port = port
    self.user = user
  }

  private static func web(
    _ kind: Kind, _ rest: Substring, port: Int
  ) throws(GitError) -> (url: RemoteURL, userInfo: UserInfo?) {
    let place = try Authority(rest)
    let scheme = kind == .https ? "https://" : "http://"
    let url = RemoteURL(kind, scheme + place.hostAndPort + place.path, place.host, place.port ?? port, nil)
    return (url, place.user.map { UserInfo(user: $0, password: place.password.map(Secret.init)) })
  }

  private static func ssh(_ rest: Substring) throws(GitError) -> RemoteURL {
    let place = try Authority(rest)
    let text = "ssh://" + (place.user.map { $0 + "@" } ?? "") + place.hostAndPort + place.path
    return RemoteURL(.ssh, text, place.host, place.port ?? 22, place.user)
  }

  /// `[user@]host:path`, as scp writes it.
  private static func scpStyle(_ text: String) throws(GitError) -> RemoteURL {
    guard let colon = text.firstIndex(of: ":"), text[..<colon].firstIndex(of: "/") == nil,
      colon > text.startIndex, text.index(after: colon) < text.endIndex
    else { throw .unusableSetting(detail: "'\(text)' is not a repository's address; \(accepted)") }
    let place = try Authority(text[..<colon])
    guard place.password == nil else { throw .unusableSetting(detail: "an ssh address can't carry a password") }
    return RemoteURL(.ssh, text, place.host, 22, place.user)
  }
}

/// `user:password@host:port/path`, taken apart.
private struct Authority {
  var user: String?
  var password: String?
  var host = ""
  var port: Int?
  var path: String
  var hostAndPort: String

  init(_ text: Substring) throws(GitError) {
    let authority = text.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    path = String(text.dropFirst(authority.count))
    var place = authority
    if let at = authority.lastIndex(of: "@") {
      let info = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      user = info.first.map { percentDecoded($0) }
      password = info.count > 1 ? percentDecoded(info[1]) : nil
      place = authority[authority.index(after: at)...]
    }
    hostAndPort = String(place)
    let isBracketed = place.hasPrefix("[")
    let end = isBracketed ? place.firstIndex(of: "]") : place.firstIndex(of: ":")
    host = String(isBracketed ? place[..<(end ?? place.endIndex)].dropFirst() : place[..<(end ?? place.endIndex)])
    let tail = end.map { isBracketed ? place[$0...].dropFirst() : place[$0...] } ?? ""
    guard !host.isEmpty, !host.hasPrefix("-"), !isBracketed || end != nil else {
      throw .unusableSetting(detail: "the repository's address names no host")
    }
    guard !tail.isEmpty else { return }
    guard tail.hasPrefix(":"), let number = UInt16(tail.dropFirst()), number > 0 else {
      throw .unusableSetting(detail: "'\(tail.dropFirst())' is not a port; 1 to 65535 is accepted")
    }
    port = Int(number)
  }
}

/// `text` with each `%XX` replaced by its byte.
private func percentDecoded(_ text: Substring) -> String {
  var bytes: [UInt8] = []
  var rest = text.utf8[...]
  while let byte = rest.popFirst() {
    let digits = rest.prefix(2)
    if byte == UInt8(ascii: "%"), digits.count == 2, let value = UInt8(String(Substring(digits)), radix: 16) {
      bytes.append(value)
      rest = rest.dropFirst(2)
    } else {
      bytes.append(byte)
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}

extension String {
  /// The first place of an ASCII text.
  fileprivate func firstRange(ofASCII text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
