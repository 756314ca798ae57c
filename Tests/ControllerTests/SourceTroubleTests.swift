import Foundation
import JSON
import TestKit
import Testing

@testable import Controller

/// A way in which a data source fails, and what the status then says.
struct SourceFault: Sendable, CustomTestStringConvertible {
  let name: String
  let answer: LoopbackAnswer
  /// Words of the message.
  let words: [String]
  /// Whether the source is at fault; if not, the rule's query is.
  var isOfSource = true

  var testDescription: String { name }

  static let all = [
    SourceFault(
      name: "HTML", answer: LoopbackAnswer(status: 200, body: "<html><body>log in</body></html>"), words: ["HTML"]),
    SourceFault(
      name: "500", answer: LoopbackAnswer(status: 500, body: "out of cheese"), words: ["500", "out of cheese"]),
    SourceFault(
      name: "a truncated body",
      answer: LoopbackAnswer(body: ScriptedPrometheus.vector([["instance": "a"]]), delivery: .cut(afterBytes: 40)),
      words: ["breaks off"]),
    SourceFault(
      name: "a body of 200 MB",
      answer: LoopbackAnswer(
        body: [UInt8](repeating: 0x20, count: 1 << 16), delivery: .repeating(total: 200 << 20, announced: false)),
      words: ["larger than 67108864 bytes"], isOfSource: false),
    SourceFault(name: "nothing until the timeout", answer: LoopbackAnswer(delivery: .silent), words: ["in time"]),
  ]
}

@Suite struct `Trouble with data sources` {
  /// A tenant of its own on the source that fails, beside `shop` on one that works.
  private func files(_ world: borrowing World, _ url: String) -> [String: String?] {
    [
      "tenants/data/tenant.yaml": World.tenant(
        "data", hook: world.pages.url + "/data", settings: "  data_source: lake\n"),
      "tenants/data/source.yaml": World.source("lake", url, isDefault: false, timeout: "2s"),
      "tenants/data/lake/rules.yaml": World.rules([("LakeDown", "lake == 0")], group: "lake"),
    ]
  }

  /// What must hold whatever is wrong with the one source.
  private func othersGoOn(_ world: borrowing World, _ controller: borrowing RunningController) async throws {
    world.prometheus.set("up == 0", [["instance": "a"]])
    let pages = world.pages
    try await controller.eventually("the other tenant pages") { pages.count("Down") == 1 }
  }

  @Test func `a source that is down degrades its tenant, and the others go on`() async throws {
    try await inWorld { world in
      let port = try await world.freePort()
      try await world.makeRepository(with: files(world, "http://127.0.0.1:\(port)"))
      let controller = try await world.syncedController()
      let message = try await controller.degraded("DataSource", "lake")
      #expect(message.contains("can't be reached"))
      try await othersGoOn(world, controller)
    }
  }

  @Test(arguments: SourceFault.all) func `a bad answer degrades its tenant, and the others go on`(
    _ fault: SourceFault
  ) async throws {
    try await inWorld { world in
      let lake = try ScriptedPrometheus()
      defer { lake.stop() }
      lake.always(fault.answer)
      try await world.makeRepository(with: files(world, lake.url))
      let controller = try await world.syncedController()
      let message = try await controller.degraded(fault.isOfSource ? "DataSource" : "RuleGroup", nil, in: "data")
      for word in fault.words { #expect(message.contains(word), "\(message)") }
      try await othersGoOn(world, controller)
      #expect(peakMemory(of: controller.process) < 400 << 20)
      lake.always(nil)
      lake.set("lake == 0", [["instance": "b"]])
      try await controller.healthy("DataSource", "lake")
      try await controller.eventually("its own pages go out again") { world.pages.count("LakeDown") == 1 }
    }
  }

  /// The most memory that a process ever had, in bytes.
  private func peakMemory(of process: Subprocess) -> Int {
    let status = FileManager.default.contents(atPath: "/proc/\(process.number)/status") ?? Data()
    let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? .max / 1024) * 1024
  }

  @Test func `alerts that fire go on firing while their source is down`() async throws {
    try await inWorld { world in
      world.prometheus.set("up == 0", [["instance": "a"]])
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      try await controller.eventually("the page arrives") { world.pages.count("Down") == 1 }
      world.prometheus.always(LoopbackAnswer(status: 503, body: "starting"))
      _ = try await controller.degraded("DataSource", "main")
      #expect(try await controller.alerts().contains { $0["state"]?.string == "firing" })
      #expect(world.pages.count("Down", "resolved") == 0)
    }
  }
}
