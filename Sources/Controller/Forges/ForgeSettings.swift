import Forge
import Model

/// Where the controller tells outcomes after a merge: from `--forge`, `--forge-url`, `--forge-repo`,
/// `--forge-token-file`.
struct ForgeSettings: Sendable {
  /// Without its token, which is read from ``tokenFile`` for each report, so that a renewed one is taken.
  let forge: Forge
  let tokenFile: String

  /// `nil` where no forge is named; what is wrong is added to `problems`.
  ///
  /// `remote`: the address of the repository, from which address and repository of the forge follow unless they are
  /// given.
  static func read(
    _ text: (String) -> String?, remote: String, egress: EgressPolicy, problems: inout [String]
  ) -> ForgeSettings? {
    let others = ["forge-url", "forge-repo", "forge-token-file"].filter { text($0) != nil }
    guard let name = text("forge") else {
      if let other = others.first { problems.append("--\(other) needs --forge: github, gitlab or gitea") }
      return nil
    }
    guard let kind = ForgeKind(rawValue: name) else {
      problems.append(
        "--forge '\(name)': one of \(ForgeKind.allCases.map(\.rawValue).joined(separator: ", ")) is accepted")
      return nil
    }
    let guess = place(of: remote)
    guard let tokenFile = text("forge-token-file") else {
      problems.append(
        "--forge \(name) needs --forge-token-file, a file with a token that may write statuses and comments")
      return nil
    }
    guard let repository = text("forge-repo") ?? guess?.repository else {
      problems.append("--forge \(name) needs --forge-repo owner/name, since --repo doesn't tell it")
      return nil
    }
    if case .failure(let error) = Result(catching: { () throws(CommandFailure) in try ForgeToken.read(tokenFile) }) {
      problems.append("--forge-token-file: \(error.description)")
    }
    do throws(Forge.AddressError) {
      let forge = try Forge(
        kind, url: text("forge-url") ?? guess?.url, repository: repository, token: Secret(""),
        options: ConnectionOptions(egress: egress, timeout: .seconds(20)), userAgent: "Belfry/" + belfryVersion)
      return ForgeSettings(forge: forge, tokenFile: tokenFile)
    } catch {
      problems.append("--forge: \(error.description)")
      return nil
    }
  }

  /// The forge's address and the repository's name in `https://host/owner/name.git`, `ssh://git@host/owner/name.git` or
  /// `git@host:owner/name.git`; `nil` for anything else.
  static func place(of remote: String) -> (url: String, repository: String)? {
    var rest = remote[...]
    var scheme = "https"
    if let mark = remote.firstRange(of: "://") {
      let name = remote[..<mark.lowerBound]
      guard ["https", "http", "ssh"].contains(name) else { return nil }
      if name == "http" { scheme = "http" }
      rest = remote[mark.upperBound...]
      if let at = rest.prefix(while: { $0 != "/" }).lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
      guard let slash = rest.firstIndex(of: "/") else { return nil }
      var host = rest[..<slash]
      // The port of ssh isn't the API's.
      if name == "ssh", let colon = host.lastIndex(of: ":") { host = host[..<colon] }
      return named(scheme + "://" + host, rest[rest.index(after: slash)...])
    }
    guard let at = rest.firstIndex(of: "@"), let colon = rest[at...].firstIndex(of: ":") else { return nil }
    return named(scheme + "://" + rest[rest.index(after: at)..<colon], rest[rest.index(after: colon)...])
  }

  private static func named(_ url: String, _ path: Substring) -> (url: String, repository: String)? {
    var name = path.drop { $0 == "/" }
    while name.hasSuffix("/") { name = name.dropLast() }
    if name.hasSuffix(".git") { name = name.dropLast(4) }
    return name.contains("/") ? (url, String(name)) : nil
  }
}
