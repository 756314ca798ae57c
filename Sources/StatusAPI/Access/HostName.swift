/// Names and addresses as `Host` headers, URLs and listen settings write them.
enum HostName {
  /// The host of `host:port`, in lower case, without port, brackets and a closing dot.
  static func host(ofAuthority authority: String) -> String {
    var host = authority.lowercased()[...]
    if host.hasPrefix("[") {
      return String(host.dropFirst().prefix { $0 != "]" })
    }
    if let colon = host.lastIndex(of: ":"), host.firstIndex(of: ":") == colon { host = host[..<colon] }
    if host.hasSuffix(".") { host.removeLast() }
    return String(host)
  }

  /// The host of a URL, as ``host(ofAuthority:)``; `nil` when it has none.
  static func host(ofURL url: String) -> String? {
    guard let authority = authority(ofURL: url) else { return nil }
    let host = host(ofAuthority: String(authority))
    return host.isEmpty ? nil : host
  }

  /// The path of a URL without a closing slash: empty, or `/belfry`.
  static func path(ofURL url: String) -> String {
    guard let authority = authority(ofURL: url) else { return "" }
    var path = url[authority.endIndex...].prefix { $0 != "?" && $0 != "#" }
    while path.hasSuffix("/") { path.removeLast() }
    return String(path)
  }

  /// Whether only this machine can reach it, or a name stands for only this machine (RFC 6761 §6.3).
  static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" || host.hasSuffix(".localhost") || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  private static func authority(ofURL url: String) -> Substring? {
    guard let colon = url.firstIndex(of: ":"), url[colon...].hasPrefix("://") else { return nil }
    let rest = url[url.index(colon, offsetBy: 3)...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard let at = authority.lastIndex(of: "@") else { return authority }
    return authority[authority.index(after: at)...]
  }
}
