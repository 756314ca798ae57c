import Forge
import Model

/// What the environment of a job of continuous integration says of where it runs.
struct CIPlace: Hashable, Sendable {
  private(set) var forge: ForgeKind?
  /// The forge's address, or its API's.
  private(set) var url: String?
  private(set) var repository: String?
  private(set) var pullRequest: Int?

  /// Reads the variables of Gitea Actions (which sets GitHub's as well), GitHub Actions and GitLab CI.
  init(environment: (String) -> String?) {
    func value(_ name: String) -> String? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }
    if value("GITEA_ACTIONS") == "true" || value("FORGEJO_ACTIONS") == "true" {
      forge = .gitea
      url = value("GITHUB_SERVER_URL")
    } else if value("GITHUB_ACTIONS") == "true" {
      forge = .github
      url = value("GITHUB_API_URL") ?? value("GITHUB_SERVER_URL")
    } else if value("GITLAB_CI") == "true" {
      forge = .gitlab
      url = value("CI_API_V4_URL") ?? value("CI_SERVER_URL")
      repository = value("CI_PROJECT_PATH") ?? value("CI_PROJECT_ID")
      pullRequest = value("CI_MERGE_REQUEST_IID").flatMap { Int($0) }
      return
    } else {
      return
    }
    repository = value("GITHUB_REPOSITORY")
    // refs/pull/412/merge
    let parts = (value("GITHUB_REF") ?? "").split(separator: "/")
    if parts.count == 4, parts[0] == "refs", parts[1] == "pull" { pullRequest = Int(parts[2]) }
  }
}

/// Where the token for a forge comes from. It is never printed.
enum ForgeToken {
  /// The forge's own variable, asked after `BELFRY_FORGE_TOKEN`.
  static func variable(of kind: ForgeKind) -> String {
    switch kind {
    case .github: "GITHUB_TOKEN"
    case .gitlab: "GITLAB_TOKEN"
    case .gitea: "GITEA_TOKEN"
    }
  }

  /// The first line of `file`, else what the environment has; `nil` where there is none.
  ///
  /// Gitea Actions give their token as `GITHUB_TOKEN` too.
  static func find(
    file: String?, _ kind: ForgeKind, environment: (String) -> String?
  ) throws(CommandFailure) -> Secret? {
    if let file { return try read(file) }
    let names = ["BELFRY_FORGE_TOKEN", variable(of: kind)] + (kind == .gitea ? ["GITHUB_TOKEN"] : [])
    return names.lazy.compactMap(environment).first { !$0.isEmpty }.map { Secret($0) }
  }

  /// The first line of a file.
  static func read(_ file: String) throws(CommandFailure) -> Secret {
    let bytes: [UInt8]
    do throws(Files.Failure) {
      bytes = try Files.read(file, limit: 1 << 16)
    } catch {
      throw CommandFailure(.failed, "the token's file can't be read: \(error.description)")
    }
    let line = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    let token = String(line.drop(while: \.isWhitespace).prefix { !$0.isWhitespace })
    guard !token.isEmpty else { throw CommandFailure(.failed, "\(file) holds no token in its first line") }
    return Secret(token)
  }
}
