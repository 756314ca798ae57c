import ArgumentParser
import Git
import Glibc
import JSON
import Model

/// `belfry silence`: silences through git, and the way through when git is down.
struct SilenceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "silence", abstract: "Add silences.", subcommands: [SilenceAdd.self, SilenceEmergency.self])
}

/// What both ways of silencing take.
struct SilenceOptions: ParsableArguments {
  @Option(help: "The tenant; without it the silence is the platform's.")
  var tenant: String?
  @Option(help: "The project of the tenant.")
  var project: String?
  @Option(help: "How long, such as 2h.")
  var duration: String?
  @Option(help: "Why.")
  var comment: String
  @Argument(help: "Matchers in Alertmanager's syntax; all must hold. A bare word is an alertname.")
  var matchers: [String]

  func validate() throws {
    guard !matchers.isEmpty else { throw ValidationError("give at least one matcher, such as alertname=\"DiskFull\"") }
    guard project == nil || tenant != nil else { throw ValidationError("--project goes with --tenant") }
  }

  var scope: Scope {
    guard let tenant else { return .platform }
    return project.map { .project(tenant: tenant, project: $0) } ?? .tenant(tenant)
  }

  /// The matchers as values, all of them.
  func parsedMatchers() throws -> [Matcher] {
    try matchers.flatMap { text -> [Matcher] in
      let isWord = text.utf8.allSatisfy {
        $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "~") && $0 != UInt8(ascii: "!")
      }
      if isWord { return [Matcher("alertname", equals: text)] }
      do throws(MatcherSyntaxError) {
        return try MatcherList(parsing: text).matchers
      } catch {
        throw CommandFailure(.usage, "matcher '\(text)': \(error.message)")
      }
    }
  }

  /// `standard`: what holds where nothing is given; `nil` where something has to be.
  func parsedDuration(atMost limit: Duration?, standard: Duration? = nil) throws -> Duration {
    guard let duration else {
      guard let standard else { throw CommandFailure(.usage, "--duration is missing: how long, such as 2h") }
      return standard
    }
    let parsed: Duration
    do {
      parsed = try Duration(prometheus: duration)
    } catch {
      throw CommandFailure(.usage, "--duration '\(duration)': a duration such as 30m or 2h is accepted")
    }
    guard parsed > .zero else {
      throw CommandFailure(.usage, "--duration '\(duration)': more than nothing is accepted")
    }
    if let limit, parsed > limit {
      throw CommandFailure(.usage, "--duration '\(duration)': at most \(limit.prometheus) is accepted here")
    }
    return parsed
  }
}

/// A silence as a spec file: what `silence add` writes, and what an emergency leaves on disk.
struct SilenceFile {
  let scope: Scope
  let name: String
  let matchers: [Matcher]
  let start: Timestamp
  let end: Timestamp
  let comment: String
  /// An acknowledgement: only what fires already, until it resolves.
  var untilResolved = false

  /// Where the file goes, below the spec root.
  var path: String {
    switch scope {
    case .platform: "platform/silences/\(name).yaml"
    case .tenant(let tenant): "tenants/\(tenant)/silence-\(name).yaml"
    case .project: "\(scope.path)/silences/\(name).yaml"
    }
  }

  var text: String {
    var lines = matchers.map { "    - " + $0.description.quotedForYAML + "\n" }.joined()
    if untilResolved { lines += "  until_resolved: true\n" }
    return """
      apiVersion: belfry/v1
      kind: Silence
      metadata:
        name: \(name)
      spec:
        matchers:
      \(lines)  starts_at: \(start)
        ends_at: \(end)
        comment: \(comment.quotedForYAML)

      """
  }

  /// A name made of the first matcher's value and the time.
  static func name(for matchers: [Matcher], at now: Timestamp) -> String {
    let value = matchers.first { $0.name == "alertname" }?.value ?? matchers.first?.value ?? "silence"
    let word = String(value.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }.prefix(40))
    let civil = CivilTime(now)
    let stamp = civil.dateText.filter(\.isNumber) + "-" + civil.timeText.filter(\.isNumber)
    let trimmed = word.split(separator: "-").joined(separator: "-")
    return (trimmed.isEmpty ? "silence" : trimmed) + "-" + stamp
  }
}

extension String {
  /// This text as a single-quoted YAML scalar; line breaks become spaces.
  fileprivate var quotedForYAML: String {
    let oneLine = String(String.UnicodeScalarView(unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
    return "'" + oneLine.replacing("'", with: "''") + "'"
  }
}

/// `belfry silence add`: a `Silence` in the working tree, or on the silences branch.
struct SilenceAdd: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Write a silence into the working tree, or push it.",
    discussion: """
      Without --push, the file is yours to commit. With it, the silence is committed to the branch that the controller
      reads with --silences-ref, and pushed; such silences last 24 hours at most.

      With --ack it quiets only what fires already, each alert until it resolves; a fingerprint, as 'belfry alerts'
      shows it, stands for all labels and the scope of that alert, which the controller is asked for.

      Examples:
        belfry silence add --tenant shop --duration 2h --comment "database migration" 'instance="web-1"'
        belfry silence add --ack --comment "on it" 3f2a9c1d5b7e8046
      """)

  @OptionGroup var silence: SilenceOptions
  @Option(help: "The spec root.")
  var path = "."
  @Flag(help: "Commit to the silences branch and push.")
  var push = false
  @Option(help: "The silences branch.")
  var silencesRef = "silences"
  @Flag(help: "Acknowledge what fires now; without --duration for 24h.")
  var ack = false
  @Option(help: "The controller's address (or BELFRY_URL): which alerts are covered, and whose a fingerprint is.")
  var url: String?
  @Option(help: "A token that may read there (or BELFRY_TOKEN).")
  var token: String?

  func run() async throws {
    let now = SystemClock().now
    let day = Duration.seconds(24 * 3600)
    let duration = try silence.parsedDuration(atMost: push ? day : nil, standard: ack ? day : nil)
    let (scope, matchers) = try await subject()
    let file = SilenceFile(
      scope: scope, name: SilenceFile.name(for: matchers, at: now), matchers: matchers, start: now,
      end: now + duration, comment: silence.comment, untilResolved: ack)
    let specs = try WorkingTreeSpecs(at: path)
    if push {
      try await pushed(file, specs)
    } else {
      let target = specs.root + "/" + file.path
      try Files.makeFolder(String(target.prefix(upTo: target.lastIndex(of: "/") ?? target.endIndex)))
      try Files.write(Array(file.text.utf8), to: target)
      Console.result("wrote \(file.path); it is in force once it is merged")
    }
    if let address = url ?? environment("BELFRY_URL") { await tellCovered(by: file, address) }
  }

  /// The alerts that it covers now. The silence is written already, so a controller that doesn't answer is no failure.
  private func tellCovered(by file: SilenceFile, _ address: String) async {
    do {
      let client = try StatusClient(url: address, token: token)
      let alerts = try await client.items("/api/v1/alerts").map { try PreviewAlert.alert(fromAPI: $0) }
      let covered = alerts.filter { alert in
        alert.scope.lineage.contains(file.scope) && file.matchers.allSatisfy { $0.accepts(alert.labels[$0.name]) }
      }
      Console.result("it covers \(plural(covered.count, "alert")) that \(covered.count == 1 ? "is" : "are") live now")
      for alert in covered.prefix(20) { Console.result("  \(alert.state.rawValue)  \(alert.scope)  \(alert.labels)") }
      if covered.count > 20 { Console.result("  and \(covered.count - 20) more") }
    } catch {
      Console.note("belfry: which alerts it covers isn't known: \(error)")
    }
  }

  /// Scope and matchers: as given, or those of the alert whose fingerprint is acknowledged.
  private func subject() async throws -> (scope: Scope, matchers: [Matcher]) {
    guard ack, silence.matchers.count == 1, let text = silence.matchers.first, text.utf8.count == 16,
      text.unicodeScalars.allSatisfy({ $0.properties.isASCIIHexDigit })
    else { return (silence.scope, try silence.parsedMatchers()) }
    let client = try StatusClient(url: url ?? environment("BELFRY_URL") ?? "http://127.0.0.1:8080", token: token)
    let answer = try await client.get("/api/v1/alerts/" + text)
    let alert = try PreviewAlert.alert(fromAPI: answer["alert"] ?? .null)
    return (alert.scope, alert.labels.pairs.map { Matcher($0.name, equals: $0.value) })
  }

  private func pushed(_ file: SilenceFile, _ specs: WorkingTreeSpecs) async throws {
    let tree = try WorkingTree.discovered(from: specs.root)
    let path = tree.folder.isEmpty ? file.path : tree.folder + "/" + file.path
    let commit = try await tree.commitAndPush(
      [path: Array(file.text.utf8)], branch: silencesRef, at: file.start,
      message: "Silence \(file.matchers.map(\.description).joined(separator: ", "))\n\n\(file.comment)\n")
    Console.result("pushed \(file.path) to \(silencesRef) as \(commit.short)")
  }
}

/// `belfry silence emergency`: over the controller's local socket, for when the forge is down.
struct SilenceEmergency: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "emergency", abstract: "Silence at once, on the controller's own machine.",
    discussion: """
      Works while git is down. Lasts 4 hours at most, is written to the audit, and is listed as runtimeOnly.

      Example: belfry silence emergency --data-dir /var/lib/belfry --tenant shop --duration 1h --comment "forge down" DiskFull
      """)

  @OptionGroup var silence: SilenceOptions
  @Option(help: "The controller's data directory.")
  var dataDir: String?

  func run() async throws {
    let duration = try silence.parsedDuration(atMost: EmergencySilences.longest)
    let request = EmergencySilences.Request(
      scope: silence.scope, matchers: try silence.parsedMatchers(), duration: duration, comment: silence.comment)
    let folder = dataDir ?? environment("BELFRY_DATA_DIR") ?? "belfry-data"
    Console.result(try ControlSocket.ask(request.json.bytes(), at: ControlSocket.path(in: folder)))
  }
}
