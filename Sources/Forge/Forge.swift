package import Model

/// Whose API is spoken. Forgejo speaks Gitea's.
package enum ForgeKind: String, CaseIterable, Hashable, Sendable {
  case github, gitlab, gitea
}

/// A repository at a forge, and the right to write there.
///
/// Everything that is sent is built by pure functions (`Forge+Requests.swift`) and everything that comes is read by pure
/// ones (`ForgeAnswers.swift`); ``ForgeSession`` sends.
package struct Forge: Hashable, Sendable {
  package let kind: ForgeKind
  /// The API's address without a slash at the end, such as `https://api.github.com`.
  package let api: String
  /// `owner/name`; at GitLab also `group/subgroup/name` or a number.
  package let repository: String
  package var token: Secret
  /// How connections are secured and which addresses they may reach.
  package var options: ConnectionOptions
  package var userAgent: String

  /// What can't be a forge's address: one line, with what would be accepted.
  package struct AddressError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
  }

  /// `url` is the forge's address as people know it, or its API's; `nil` for `github.com` and `gitlab.com`.
  package init(
    _ kind: ForgeKind, url: String?, repository: String, token: Secret, options: ConnectionOptions = .init(),
    userAgent: String
  ) throws(AddressError) {
    self.kind = kind
    api = try Self.api(of: kind, url)
    guard Self.isRepository(repository, at: kind) else {
      let form = kind == .gitlab ? "group/name or a project's number" : "owner/name"
      throw AddressError(description: "'\(repository)' is no repository at \(kind.rawValue); write \(form)")
    }
    self.repository = repository
    self.token = token
    self.options = options
    self.userAgent = userAgent
  }

  /// GitHub Enterprise Server answers below `/api/v3`, GitLab below `/api/v4`, Gitea below `/api/v1`.
  private static func api(of kind: ForgeKind, _ url: String?) throws(AddressError) -> String {
    guard var address = url ?? kind.usualAddress else {
      throw AddressError(
        description: "\(kind.rawValue) has no usual address; name its own, such as https://git.example.com")
    }
    while address.hasSuffix("/") { address.removeLast() }
    guard address.hasPrefix("https://") || address.hasPrefix("http://"), !address.contains(where: \.isWhitespace),
      !address.contains(where: { $0 == "@" || $0 == "?" || $0 == "#" })
    else {
      let shown = redactedURL(address)
      throw AddressError(description: "'\(shown)' is no forge's address; write it as https://git.example.com")
    }
    let host = address.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" }
    switch kind {
    case .github where host == "github.com" || host == "www.github.com": return "https://api.github.com"
    case .github where host == "api.github.com": return address
    default: return address.hasSuffix(kind.apiPath) ? address : address + kind.apiPath
    }
  }

  private static func isRepository(_ text: String, at kind: ForgeKind) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let isSound = parts.allSatisfy { part in
      !part.isEmpty && part != "." && part != ".."
        && part.utf8.allSatisfy { byte in
          switch byte {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
          default: false
          }
        }
    }
    guard isSound else { return false }
    return kind == .gitlab ? parts.count > 1 || Int(text) != nil : parts.count == 2
  }
}

extension ForgeKind {
  /// Where the forge is unless it is one's own.
  fileprivate var usualAddress: String? {
    switch self {
    case .github: "https://github.com"
    case .gitlab: "https://gitlab.com"
    case .gitea: nil
    }
  }

  fileprivate var apiPath: String {
    switch self {
    case .github: "/api/v3"
    case .gitlab: "/api/v4"
    case .gitea: "/api/v1"
    }
  }

  /// How long a comment may be, in Unicode scalars, a little below what the forge says.
  ///
  /// GitHub refuses more than 65,536 characters, GitLab more than 1,000,000; Gitea names no limit, so GitHub's is kept.
  package var commentLimit: Int {
    switch self {
    case .github, .gitea: 65_000
    case .gitlab: 990_000
    }
  }
}
