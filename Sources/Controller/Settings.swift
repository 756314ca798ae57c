import Diagnostics
import Git
import Model
import Reconciler
import StatusAPI
import YAML

/// How the controller runs: read from flags, environment and a file, checked whole before anything starts.
struct Settings: Sendable {
  /// How events are written to stderr.
  enum LogFormat: String, CaseIterable, Sendable {
    case text, json
  }

  /// Where the status API listens.
  struct Address: Hashable, Sendable {
    let host: String
    let port: Int

    var isLoopback: Bool { host == "127.0.0.1" || host == "localhost" || host == "::1" || host == "[::1]" }
  }

  var remote: RemoteSettings
  /// The folder within the repository that holds `platform/` and `tenants/`; `""` for the root.
  var path: String
  var pollInterval: Duration
  var dataFolder: String
  var listen: Address
  var externalURL: String
  var secretsFolder: String?
  var heartbeatURL: String?
  /// The tokens that may read, by their SHA-256, with what each may see.
  var tokens: [ReadToken]
  /// A file with more of them, one a line.
  var tokenFile: String?
  /// Whose tokens may read besides.
  var oidc: OIDCSettings?
  var egress: EgressPolicy
  var logFormat: LogFormat
  /// How long SIGTERM waits for work under way.
  var gracePeriod: Duration
  /// Whether commits are asked who made them.
  var commits: CommitPolicy
  /// The commit whose bindings are trusted; every applied commit must descend from it.
  var trustRoot: ObjectID?
  /// Where outcomes are told after a merge.
  var forge: ForgeSettings?
  /// Where webhooks are listened for; `nil` nowhere.
  var webhook: WebhookSettings?

  /// How long rows of the audit are kept; `nil` for ever.
  var auditRetention: Duration?
  /// What one revision may delete from a scope without an approval.
  var deletionLimits: DeletionLimits
  var rewrittenHistory: RewrittenHistoryPolicy

  /// Reads the settings from `values`, and reports everything that is wrong with them.
  init(_ values: SettingValues) throws(CommandFailure) {
    var reader = SettingReader(values: values)
    let repository = reader.required("repo", example: "https://git.example.com/acme/alerts.git")
    dataFolder = reader.text("data-dir") ?? "belfry-data"
    path = (reader.text("path") ?? "").split(separator: "/").joined(separator: "/")
    if path.split(separator: "/").contains("..") {
      reader.report("path", path, "a folder below the repository's root is accepted, without '..'")
    }
    pollInterval = reader.duration("poll-interval", default: .seconds(10), atLeast: .milliseconds(200))
    gracePeriod = reader.duration("grace-period", default: .seconds(20), atLeast: .zero)
    listen = reader.address("listen") ?? Address(host: "127.0.0.1", port: 8080)
    externalURL = reader.url("external-url") ?? "http://\(listen.host):\(listen.port)"
    secretsFolder = reader.text("secrets-dir")
    heartbeatURL = reader.url("heartbeat-url")
    tokens = reader.tokens()
    tokenFile = reader.text("token-sha256-file")
    oidc = reader.oidc()
    egress = reader.egress()
    auditRetention = reader.auditRetention()
    logFormat = reader.choice("log-format", default: .text)
    commits = reader.choice("commits", default: .off)
    trustRoot = reader.commit("trust-root")
    var forgeProblems: [String] = []
    forge = ForgeSettings.read(reader.text, remote: repository, egress: egress, problems: &forgeProblems)
    reader.problems += forgeProblems
    webhook = reader.webhook()
    deletionLimits = reader.deletionLimits()
    rewrittenHistory = reader.choice("rewritten-history", default: .refuse)
    let deadline = reader.duration("fetch-timeout", default: .seconds(60), atLeast: .seconds(1))
    let remote = reader.remote(repository, deadline: deadline)
    if !listen.isLoopback, tokens.isEmpty, tokenFile == nil, reader.text("oidc-issuer") == nil {
      reader.problems.append(
        "--listen \(listen.host):\(listen.port) is not loopback, so readers need a token: give --token-sha256, "
          + "the SHA-256 of one, or --token-sha256-file or --oidc-issuer, or listen on 127.0.0.1")
    }
    guard let remote, reader.problems.isEmpty else {
      throw CommandFailure(.usage, reader.problems.joined(separator: "\n"))
    }
    self.remote = remote
  }
}

/// The raw values of settings by their flag's name, flags before environment before file.
struct SettingValues: Sendable {
  /// Every setting there is.
  static let names = [
    "repo", "branch", "path", "poll-interval", "data-dir", "listen", "external-url", "secrets-dir", "commits",
    "trust-root", "silences-ref", "heartbeat-url", "token-sha256", "token-sha256-file", "oidc-issuer",
    "oidc-audience", "oidc-groups-claim", "oidc-username-claim", "oidc-jwks-url", "oidc-ca-file", "egress-deny",
    "log-format", "grace-period",
    "fetch-timeout",
    "git-username", "git-token-file", "git-ssh-key", "git-known-hosts", "git-ca-file", "forge", "forge-url",
    "forge-repo", "forge-token-file",
    "webhook-listen", "webhook-secret-file", "audit-retention", "max-deletions", "max-deletion-share",
    "rewritten-history",
  ]

  private var values: [String: String] = [:]

  /// `flags`: what the command line says, `nil` where it says nothing.
  /// `environment`: looks a variable up.
  /// `file`: the text of `--config`, if any, and its name.
  init(
    flags: [String: String?], environment: (String) -> String?, file: (name: String, bytes: [UInt8])?
  ) throws(CommandFailure) {
    if let file { values = try Self.read(file) }
    for name in Self.names {
      let variable = "BELFRY_" + name.uppercased().replacing("-", with: "_")
      if let value = environment(variable), !value.isEmpty { values[name] = value }
      if let flag = flags[name] ?? nil { values[name] = flag }
    }
  }

  subscript(name: String) -> String? { values[name] }

  /// A flat mapping whose keys are the flags' names with underscores.
  private static func read(_ file: (name: String, bytes: [UInt8])) throws(CommandFailure) -> [String: String] {
    let stream = YAMLStream(parsing: file.bytes, file: file.name)
    var problems = stream.diagnostics.all.filter { $0.severity == .error }.map { "\(file.name): \($0.message)" }
    var values: [String: String] = [:]
    for entry in stream.documents.first?.root?.entries ?? [] {
      let key = entry.key.text ?? ""
      let name = key.replacing("_", with: "-")
      guard names.contains(name) else {
        let near = nearest(to: name, in: names).map { "; did you mean '\($0.replacing("-", with: "_"))'?" } ?? ""
        problems.append("\(file.name): no setting is named '\(key)'\(near)")
        continue
      }
      let list = entry.value.items?.compactMap(\.text).joined(separator: ",")
      guard let text = entry.value.text ?? list else {
        problems.append("\(file.name): '\(key)' takes a text or a list of texts")
        continue
      }
      values[name] = text
    }
    guard problems.isEmpty else { throw CommandFailure(.usage, problems.joined(separator: "\n")) }
    return values
  }
}

/// Reads values one by one and collects what is wrong.
struct SettingReader {
  let values: SettingValues
  var problems: [String] = []

  init(values: SettingValues) {
    self.values = values
  }

  mutating func report(_ name: String, _ value: String, _ accepted: String) {
    problems.append("--\(name) '\(value)': \(accepted)")
  }

  func text(_ name: String) -> String? {
    values[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  mutating func required(_ name: String, example: String) -> String {
    guard let value = text(name) else {
      problems.append("--\(name) is missing; for example --\(name) \(example)")
      return ""
    }
    return value
  }

  mutating func duration(_ name: String, default fallback: Duration, atLeast least: Duration) -> Duration {
    guard let text = text(name) else { return fallback }
    do {
      let duration = try Duration(prometheus: text)
      if duration < least { report(name, text, "at least \(least.prometheus) is accepted") }
      return duration
    } catch {
      report(name, text, "a duration such as 10s or 1m30s is accepted")
      return fallback
    }
  }

  /// At least a day: a shorter audit is a slip of the pen.
  mutating func auditRetention() -> Duration? {
    guard let text = text("audit-retention"), text != "forever" else { return nil }
    guard let duration = try? Duration(prometheus: text), duration >= .seconds(86_400) else {
      report("audit-retention", text, "'forever' or a duration of at least a day, such as 365d or 2y, is accepted")
      return nil
    }
    return duration
  }

  mutating func url(_ name: String) -> String? {
    guard let text = text(name) else { return nil }
    guard text.hasPrefix("http://") || text.hasPrefix("https://") else {
      report(name, redactedURL(text), "an address that begins with http:// or https:// is accepted")
      return nil
    }
    return text.hasSuffix("/") ? String(text.dropLast()) : text
  }

  mutating func address(_ name: String) -> Settings.Address? {
    guard let text = text(name) else { return nil }
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]), 0...65_535 ~= port
    else {
      report(name, text, "host:port is accepted, such as 127.0.0.1:8080 or 0.0.0.0:8080")
      return nil
    }
    let host = text[..<colon].filter { $0 != "[" && $0 != "]" }
    return Settings.Address(host: host.isEmpty ? "0.0.0.0" : host, port: port)
  }

  mutating func choice<Choice: RawRepresentable & CaseIterable>(_ name: String, default fallback: Choice) -> Choice
  where Choice.RawValue == String {
    guard let text = text(name) else { return fallback }
    guard let choice = Choice(rawValue: text) else {
      report(name, text, "one of \(Choice.allCases.map(\.rawValue).joined(separator: ", ")) is accepted")
      return fallback
    }
    return choice
  }

  mutating func tokens() -> [ReadToken] {
    guard let text = text("token-sha256") else { return [] }
    do throws(ReadTokenError) {
      return try ReadToken.list(parsing: text)
    } catch {
      // The text isn't shown: it may be the token itself.
      problems.append("--token-sha256: \(error.description)")
      return []
    }
  }

  mutating func egress() -> EgressPolicy {
    var policy = EgressPolicy.open
    for word in (text("egress-deny") ?? "").split(separator: ",") {
      switch word {
      case "private": policy.denyPrivate = true
      case "loopback": policy.denyLoopback = true
      default: report("egress-deny", String(word), "private and loopback are accepted")
      }
    }
    return policy
  }

  mutating func commit(_ name: String) -> ObjectID? {
    guard let text = text(name) else { return nil }
    guard let commit = ObjectID(text.lowercased()) else {
      report(name, text, "a commit's whole id is accepted, as 'git rev-parse' prints it")
      return nil
    }
    return commit
  }

  mutating func deletionLimits() -> DeletionLimits {
    var limits = DeletionLimits()
    if let text = text("max-deletions") {
      if let count = Int(text), count >= 0 {
        limits.count = count
      } else {
        report("max-deletions", text, "a whole number of rules, routes and channels is accepted, such as 25")
      }
    }
    if let text = text("max-deletion-share") {
      if let share = DeletionLimits.share(parsing: text) {
        limits.share = share
      } else {
        report("max-deletion-share", text, "a share of a scope is accepted, such as 50% or 0.5")
      }
    }
    return limits
  }

  mutating func remote(_ repository: String, deadline: Duration) -> RemoteSettings? {
    guard !repository.isEmpty else { return nil }
    do {
      return try RemoteSettings(
        url: repository, ref: text("branch"), silencesRef: text("silences-ref"), credentials: credentials(),
        knownHostsFile: text("git-known-hosts"), certificateAuthorityFile: text("git-ca-file"), deadline: deadline)
    } catch {
      problems.append("--repo: \(error)")
      return nil
    }
  }

  private mutating func credentials() -> Credentials {
    if let key = text("git-ssh-key") { return .sshKey(privateKeyFile: key) }
    guard let file = text("git-token-file") else { return .none }
    do {
      let bytes = try Files.read(file, limit: 1 << 16)
      let token = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
      return .token(username: text("git-username") ?? "x-access-token", Secret(token))
    } catch {
      report("git-token-file", file, "a readable file with the token is accepted: \(error)")
      return .none
    }
  }
}
