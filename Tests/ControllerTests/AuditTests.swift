import Foundation
import JSON
import Model
import TestKit
import Testing

@testable import Controller

@Suite struct `The audit` {
  private static let file = ProvenanceCase.file

  /// Scopes `platform`, `shop` and `shop/api` with two rules, by Ana.
  private func begin(_ world: borrowing World) async throws -> RunningController {
    try await world.makeRepository()
    try await world.commit(
      Edit(
        "Begin", world.basics.merging([Self.file: ProvenanceCase.rules(["Down": "up == 0", "Slow": "l > 1"])]) { $1 }))
    try await world.push()
    return try await world.syncedController()
  }

  private func push(_ world: borrowing World, _ edits: Edit..., to controller: RunningController) async throws {
    for edit in edits { try await world.commit(edit) }
    try await world.push()
    try await controller.attempts(try await world.head())
  }

  @Test func `tells each change: who, what, where, by which commit and request`() async throws {
    try await inWorld { world in
      let controller = try await begin(world)
      try await push(
        world,
        Edit(
          "Deeper\n\nReviewed-by: Eva <eva@example.com>\n", by: "Ben",
          [Self.file: ProvenanceCase.rules(["Down": "up < 1", "Slow": "l > 1"])]),
        Edit(
          "Slower, and a silence", by: "Eva",
          [
            Self.file: ProvenanceCase.rules(["Down": "up < 1", "Slow": "l > 2"]),
            "tenants/shop/api/quiet.yaml": World.silence("quiet", #"a="b""#),
          ]),
        to: controller)
      try await push(
        world, Edit("Format", by: "Robot", [Self.file: "# text\n" + world.read("alerts/" + Self.file)]), to: controller)
      try await push(world, Edit("Break", by: "Eva", [Self.file: "groups: 7\n"]), to: controller)
      try await push(world, Edit("Break more", by: "Ben", [Self.file: "groups: 8\n"]), to: controller)
      try await world.git(["checkout", "-q", "-b", "repair"])
      try await world.commit(
        Edit(
          "Repair", by: "Eva",
          [Self.file: ProvenanceCase.rules(["Down": "up < 1"]), "tenants/shop/api/quiet.yaml": nil]))
      try await world.git(["checkout", "-q", "main"])
      try await world.git(
        by: "Pia",
        [
          "merge", "-q", "--no-ff", "-m", "Merge pull request #7 from repair\n\nAcked-by: Ana <ana@example.com>",
          "repair",
        ])
      try await world.push()
      try await controller.applies(try await world.head())
      try await controller.eventually("the audit has the deletion") {
        try await controller.items("audit?action=resource.deleted").count == 1
      }
      var text = ""
      for row in try await controller.items("audit?limit=1000").reversed() {
        text += try await told(row, world) + "\n"
      }
      #expect(goldenDifference(text, "audit.txt") == nil, "\(goldenDifference(text, "audit.txt") ?? "")")
      try await asked(controller, world)
    }
  }

  /// A row on two lines, commits by their subjects.
  private func told(_ row: JSONValue, _ world: borrowing World) async throws -> String {
    func subject(_ name: String) async throws -> String {
      guard let commit = row[name]?.string else { return "-" }
      return try await world.git(["log", "-1", "--format=%s", commit]).output.trimmingCharacters(in: .newlines)
    }
    let approvers = (row["approvers"]?.array ?? []).map { "\($0["trailer"]?.string ?? "") \($0["by"]?.string ?? "")" }
    let words = [
      row["action"]?.string, row["scope"]?.string, row["kind"]?.string, row["name"]?.string, row["actor"]?.string,
      "commit '\(try await subject("commit"))'", "in '\(try await subject("revision"))'",
      row["merger"]?.string.map { "merged by " + $0 }, row["pullRequest"]?.string,
      approvers.isEmpty ? nil : approvers.joined(separator: ", "),
      row["path"]?.string.map { $0 + ":" + String(row["line"]?.int ?? 0) }, row["trigger"]?.string,
    ].compactMap(\.self)
    let subject = row["subject"]?.string ?? ""
    return words.joined(separator: " | ")
      + "\n    \(subject)\n    \(row["before"]?.text ?? "")\n    \(row["after"]?.text ?? "")"
  }

  /// The filters, and the command.
  private func asked(_ controller: RunningController, _ world: borrowing World) async throws {
    let head = try await world.head()
    for (query, count) in [
      ("actor=Ben%20%3Cben@example.com%3E", 2), ("action=resource", 5), ("action=resource.deleted", 1),
      ("action=scope.held", 2), ("action=scope.hel", 0), ("path=tenants/shop/api", 7), ("path=\(Self.file)", 5),
      ("resource=RuleGroup", 0), ("resource=Silence/quiet", 2), ("resource=quiet", 2), ("tenant=shop&project=api", 10),
      ("commit=\(head.prefix(7))", 1), ("since=2999-01-01T00:00:00Z", 0), ("until=2999-01-01T00:00:00Z&limit=2", 2),
    ] {
      let found = try await controller.items("audit?" + query).count
      #expect(found == count, "\(query)")
    }
    let table = try await world.belfry(
      "audit", "--url", controller.url, "--resource", "Silence/quiet", "--since", "1h")
    #expect(table.code == 0 && table.output.split(separator: "\n").count == 3, "\(table.output)\(table.errors)")
    #expect(table.output.contains("resource.deleted") && table.output.contains("#7"))
    let json = try await world.belfry("audit", "--url", controller.url, "--action", "scope.held", "--format", "json")
    #expect(try JSONValue(parsing: Array(json.output.utf8))["items"]?.array?.count == 2)
    let wrong = try await world.belfry("audit", "--url", controller.url, "--since", "soon")
    #expect(wrong.code == 64 && wrong.errors.contains("--since 'soon'"))
  }

  @Test func `is exported, and verified by somebody else`() async throws {
    try await inWorld { world in
      let controller = try await begin(world)
      try await push(
        world, Edit("Deeper", by: "Ben", [Self.file: ProvenanceCase.rules(["Down": "up < 1", "Slow": "l > 1"])]),
        to: controller)
      #expect(await controller.stop() == 0)
      let ledger = world.path("data/ledger.sqlite")
      let exported = try await world.belfry("ledger", "export", ledger)
      #expect(exported.code == 0, "\(exported.errors)")
      try world.write(exported.output, to: "audit.jsonl")
      // The verifier that docs/audit.md gives people.
      let page = try String(contentsOfFile: Self.root + "/docs/audit.md", encoding: .utf8)
      let script = try #require(page.split(separator: "```python\n").last?.split(separator: "```").first)
      try world.write(String(script), to: "verify.py")
      let verified = try await world.run(
        "/usr/bin/env", ["python3", world.path("verify.py"), world.path("audit.jsonl")])
      #expect(verified.code == 0 && verified.output.hasPrefix("intact: "), "\(verified.output)\(verified.errors)")
      try world.write(exported.output.replacing("ben@example.com", with: "eva@example.com"), to: "audit.jsonl")
      let changed = try await world.run(
        "/usr/bin/env", ["python3", world.path("verify.py"), world.path("audit.jsonl")])
      #expect(changed.code == 1 && changed.output.contains("row "), "\(changed.output)\(changed.errors)")
      for table in ["history", "deliveries", "syncs"] {
        let other = try await world.belfry("ledger", "export", "--table", table, "--since", "1h", ledger)
        #expect(other.code == 0, "\(other.errors)")
        for line in other.output.split(separator: "\n") {
          #expect(try JSONValue(parsing: Array(line.utf8))["id"]?.int != nil)
        }
      }
    }
  }

  private static let root = String(
    #filePath.prefix(upTo: #filePath.range(of: "/Tests/")?.lowerBound ?? #filePath.startIndex))
}

@Suite struct `Who changed what, in a running controller` {
  @Test func `is kept by the ledger, and follows a comment that moves the line`() async throws {
    try await inWorld { world in
      try await world.makeRepository()
      try await world.commit(Edit("Begin", world.basics))
      let file = "tenants/shop/api/rules.yaml"
      let rules = World.rules([("Down", "up == 0")])
      try await world.commit(Edit("Format", by: "Robot", [file: "# formatted\n" + rules]))
      try await world.push()
      world.prometheus.set("up == 0", [["instance": "web-1"]])
      let first = try await world.syncedController()
      try await first.alert("Down", is: "firing")
      func origin(_ controller: RunningController) async throws -> String {
        let rule = try await controller.alerts().first?["rule"]
        return "\(rule?["line"]?.int ?? 0) \(rule?.at("lastChange.author")?.string ?? "nobody")"
      }
      // The first import has the file's last commit; what lies behind the formatting is found a moment later.
      try await first.eventually("Ana is found") { try await origin(first) == "5 Ana <ana@example.com>" }
      try await world.commit(Edit("Comment", by: "Ben", [file: "# formatted\n# and commented\n" + rules]))
      try await world.push()
      try await first.applies(try await world.head())
      try await first.eventually("the line moved") { try await origin(first) == "6 Ana <ana@example.com>" }
      #expect(await first.stop() == 0)
      let second = try await world.controller()
      try await second.eventually("the alert is back") { try await origin(second) == "6 Ana <ana@example.com>" }
      #expect(second.events("provenance.searched").isEmpty)
      #expect(await second.stop() == 0)
    }
  }
}
