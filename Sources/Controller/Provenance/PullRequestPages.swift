import Git
import Model

/// The addresses of a forge's pull requests, as they follow from the repository's own.
struct PullRequestPages: Sendable {
  /// `https://git.example.com/acme/alerts`; `nil` where the repository isn't on a forge.
  private let base: String?
  private let host: String
  private let depth: Int

  /// `remote`: https, or ssh, whose host is taken to serve https too.
  init(_ remote: RemoteURL) {
    host = remote.host.lowercased()
    var text = redactedURL(remote.text)
    switch remote.kind {
    case .https: text = String(text.dropFirst("https://".count))
    case .ssh:
      let rest = text.hasPrefix("ssh://") ? text.dropFirst("ssh://".count) : text[...]
      // `git@host:path` has a colon where the others have a slash, or a port and then a slash.
      let path = rest.drop { $0 != "/" && $0 != ":" }.dropFirst()
      let digits = path.prefix { $0.isNumber }
      let isPort = text.hasPrefix("ssh://") && !digits.isEmpty && path.dropFirst(digits.count).first == "/"
      text = remote.host + "/" + (isPort ? path.dropFirst(digits.count + 1) : path)
    case .http, .local: text = ""
    }
    let parts = text.split(separator: "/").map(String.init)
    depth = parts.count - 1
    guard depth >= 2, let last = parts.last else {
      base = nil
      return
    }
    let name = last.hasSuffix(".git") ? String(last.dropLast(4)) : last
    base = "https://" + (parts.dropLast() + [name]).joined(separator: "/")
  }

  /// The page of a request: GitHub's form for `#412`, Gitea's and Bitbucket's where the host is called so, GitLab's for
  /// `!45`.
  func url(_ request: PullRequest) -> String? {
    guard let base else { return nil }
    guard request.mark == .number else { return base + "/-/merge_requests/\(request.number)" }
    guard depth == 2 else { return nil }
    if host.contains("bitbucket") { return base + "/pull-requests/\(request.number)" }
    let isGitea = ["gitea", "forgejo", "codeberg", "gogs"].contains { host.contains($0) }
    return base + (isGitea ? "/pulls/" : "/pull/") + String(request.number)
  }
}
