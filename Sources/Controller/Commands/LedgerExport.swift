import ArgumentParser
import JSON
import Ledger
import Model
import StatusAPI

/// `belfry ledger export`: a table as JSON lines, oldest row first.
struct LedgerExport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a table of the ledger as JSON lines, also while a controller uses it.",
    discussion: """
      Each row is a line, oldest first. A line of the audit holds every value that its hash covers, under the names that
      docs/audit.md lists, with the row's hash and the one before, so that anybody can verify the chain.

      Example: belfry ledger export /var/lib/belfry/ledger.sqlite > audit.jsonl
      Example: belfry ledger export --table deliveries --since 1d
      """)

  @Argument(help: "The ledger's file.")
  var file = "belfry-data/ledger.sqlite"
  @Option(help: "audit, history, deliveries or syncs.")
  var table = ExportTable.audit
  @Option(help: "From when on: a time, or how long ago, such as 1d.")
  var since: String?
  @Option(help: "Before when: a time, or how long ago.")
  var until: String?

  func run() async throws {
    let ledger = try Ledger.inspect(file)
    let (from, to) = (
      try since.map { try Instants.read($0, flag: "since") }, try until.map { try Instants.read($0, flag: "until") }
    )
    var lines: [UInt8] = []
    try await ledger.export(table, since: from, until: to) { row in
      var writer = JSONWriter(capacity: 512)
      row.write(to: &writer)
      lines += writer.bytes + [0x0a]
      guard lines.count > 1 << 16 else { return }
      Console.bytes(lines)
      lines = []
    }
    Console.bytes(lines)
  }
}

extension ExportTable: ExpressibleByArgument {}

extension ExportedRow {
  func write(to writer: inout JSONWriter) {
    switch self {
    case .audit(let record, let columns, let previousHash):
      writer.beginObject()
      for column in columns {
        switch column {
        case .text(let name, let text): writer.member(name, text)
        case .number(let name, let number): writer.member(name, number)
        }
      }
      writer.member("previous_hash", previousHash)
      writer.member("hash", record.hash)
      writer.endObject()
    case .history(let record): record.write(to: &writer)
    case .delivery(let record): record.write(to: &writer)
    case .sync(let record): SyncView(record: record).write(to: &writer)
    }
  }
}
