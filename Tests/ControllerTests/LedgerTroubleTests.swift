import Foundation
import JSON
import Testing

@testable import Controller

@Suite struct `Trouble with the data directory` {
  @Test func `pages go out while the ledger can't grow, and the status says so`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      // A first run makes ledger and mirror; in the second no file may be longer than the ledger's own log then needs.
      let first = try await world.syncedController()
      #expect(await first.stop() == 0)
      let arguments = world.runArguments().map { "'" + $0 + "'" }.joined(separator: " ")
      let process = try world.start(
        "/bin/bash", ["-c", "trap '' XFSZ; ulimit -S -f 100; exec '\(World.belfry)' \(arguments)"])
      let controller = RunningController(process)
      try await controller.eventually("the API listens") { controller.port != nil || !process.isRunning }
      world.prometheus.set("up == 0", (1...300).map { ["instance": "host-\($0)"] })
      try await controller.eventually("the pages arrive") { world.pages.count("Down") == 300 }
      try await controller.eventually("the status says it") {
        try await controller.get("status").at("health.message")?.string?.contains("ledger can't be written") == true
      }
      let status = try await controller.get("status")
      #expect(status.at("health.status")?.string == "Degraded")
      #expect(status["conditions"]?.array?.contains { $0["type"]?.string == "LedgerWritable" } == true)
    }
  }

  @Test func `a damaged ledger is set aside, told of and audited, and pages go out`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      try world.write(String(repeating: "no database at all ", count: 500), to: "data/ledger.sqlite")
      world.prometheus.set("up == 0", [["instance": "a"]])
      let controller = try await world.syncedController()
      try await controller.eventually("the page arrives") { world.pages.count("Down") == 1 }
      #expect(controller.events("ledger.set-aside").count == 1)
      try await controller.eventually("the audit has it") {
        try await controller.items("audit?action=ledger.setAside").count == 1
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: world.path("data"))
      #expect(names.contains { $0.hasPrefix("ledger.sqlite.") && world.read("data/" + $0).hasPrefix("no database") })
    }
  }

  @Test func `a second controller on the same data directory ends at once and names the first`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      let second = try await world.run(World.belfry, world.runArguments())
      #expect(second.code == 1)
      let line = try #require(second.errors.split(separator: "\n").last)
      #expect(line.contains("in use by process \(controller.process.number)"))
      #expect(line.contains("data directory of its own"))
      #expect(try await controller.sync(of: "shop") == "Synced")
    }
  }

  @Test func `a port in use ends the start with one message`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      let port = try #require(controller.port)
      let second = try await world.run(
        World.belfry, world.runArguments(["--listen", "127.0.0.1:\(port)"], data: "other"))
      #expect(second.code == 1)
      let last = try #require(second.errors.split(separator: "\n").last)
      #expect(
        last == "belfry: address 127.0.0.1:\(port) is in use; stop what listens there, or choose another with --listen")
    }
  }

  @Test func `the audit's chain is found intact, and broken once a row was changed`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      try await world.commit(["tenants/shop/web/rules.yaml": World.rules([("WebDown", "web == 0")])])
      try await controller.stands("shop/web", "Synced")
      #expect(await controller.stop() == 0)
      let intact = try await world.belfry("ledger", "verify", world.path("data/ledger.sqlite"))
      #expect(intact.code == 0)
      #expect(intact.output.hasPrefix("the audit is intact: "))
      let copied = try await world.belfry(
        "ledger", "backup", world.path("data/ledger.sqlite"), world.path("copy.sqlite"))
      #expect(copied.code == 0)
      let change = """
        import sqlite3, sys
        connection = sqlite3.connect(sys.argv[1])
        triggers = [row[0] for row in connection.execute("select name from sqlite_master where type = 'trigger'")]
        for name in triggers: connection.execute('drop trigger "' + name + '"')
        connection.execute("update audit set subject = 'nothing to see' where id = (select min(id) from audit)")
        connection.commit()
        """
      let changed = try await world.run("/usr/bin/env", ["python3", "-c", change, world.path("copy.sqlite")])
      #expect(changed.code == 0, "\(changed.errors)")
      let broken = try await world.belfry("ledger", "verify", world.path("copy.sqlite"))
      #expect(broken.code == 1)
      #expect(broken.errors.contains("the audit is broken at row 1"))
    }
  }
}
