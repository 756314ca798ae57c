import Diagnostics
import JSON
import Model
import Specs

/// Silences that somebody set on the controller's own machine: kept as spec files in the data directory, so that a
/// restart has them, until they end.
struct EmergencySilences: Sendable {
  /// The longest that one may last.
  static let longest = Duration.seconds(4 * 3600)

  /// What `belfry silence emergency` asks.
  struct Request: Sendable {
    let scope: Scope
    let matchers: [Matcher]
    let duration: Duration
    let comment: String

    var json: JSONValue {
      .object([
        .init("tenant", scope.tenant.map(JSONValue.string) ?? .null),
        .init("project", scope.project.map(JSONValue.string) ?? .null),
        .init("matchers", .array(matchers.map { .string($0.description) })),
        .init("duration", .string(duration.prometheus)), .init("comment", .string(comment)),
      ])
    }

    init(scope: Scope, matchers: [Matcher], duration: Duration, comment: String) {
      self.scope = scope
      self.matchers = matchers
      self.duration = duration
      self.comment = comment
    }

    /// Reads ``json``; the text says what is wrong with it.
    init(_ value: JSONValue) throws(CommandFailure) {
      guard let texts = value["matchers"]?.array?.compactMap(\.string), !texts.isEmpty,
        let length = value["duration"]?.string.flatMap({ try? Duration(prometheus: $0) }),
        let comment = value["comment"]?.string
      else { throw CommandFailure(.usage, "a request has matchers, a duration and a comment") }
      guard length > .zero, length <= EmergencySilences.longest else {
        throw CommandFailure(
          .usage, "'\(length.prometheus)' is too long; at most \(EmergencySilences.longest.prometheus) is accepted")
      }
      var matchers: [Matcher] = []
      for text in texts {
        do {
          matchers += try MatcherList(parsing: text).matchers
        } catch {
          throw CommandFailure(.usage, "matcher '\(text)': \(error.message)")
        }
      }
      self.matchers = matchers
      duration = length
      self.comment = comment
      let project = value["project"]?.string
      scope =
        value["tenant"]?.string.map { tenant in
          project.map { .project(tenant: tenant, project: $0) } ?? .tenant(tenant)
        } ?? .platform
    }
  }

  private let folder: String

  init(dataFolder: String) {
    folder = dataFolder + "/emergency"
  }

  /// Keeps a silence on disk and returns it as a resource.
  func add(_ request: Request, at now: Timestamp) throws -> Resource {
    let name = "emergency-" + SilenceFile.name(for: request.matchers, at: now)
    let file = SilenceFile(
      scope: request.scope, name: name, matchers: request.matchers, start: now, end: now + request.duration,
      comment: request.comment)
    let bytes = Array(file.text.utf8)
    let parsed = SpecFile.parse(path: file.path, bytes: bytes, options: SpecReading.options)
    guard let resource = parsed.resources.first, !parsed.diagnostics.hasErrors else {
      throw CommandFailure(.usage, parsed.diagnostics.all.map(\.message).joined(separator: "; "))
    }
    let target = folder + "/" + file.path
    try Files.makeFolder(String(target.prefix(upTo: target.lastIndex(of: "/") ?? target.endIndex)), mode: 0o700)
    try Files.write(bytes, to: target, mode: 0o600)
    return resource
  }

  /// Those of an earlier run that haven't ended; the others are removed.
  func load(at now: Timestamp) -> [Resource] {
    guard let tree = try? Files.tree(of: folder) else { return [] }
    return tree.files.flatMap { path -> [Resource] in
      guard let bytes = try? Files.read(folder + "/" + path, limit: 1 << 20) else { return [] }
      let current = SpecFile.parse(path: path, bytes: bytes, options: SpecReading.options).resources.filter {
        resource in
        guard case .silence(let silence) = resource.spec else { return false }
        return silence.window(firstApplied: now).end > now
      }
      if current.isEmpty { Files.remove(folder + "/" + path) }
      return current
    }
  }
}
