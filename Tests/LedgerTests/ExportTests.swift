import Crypto
import Model
import Testing

@testable import Ledger

@Suite struct `An export` {
  @Test func `has what somebody else needs to verify the audit`() async throws {
    try await withLedger { ledger in
      var random = RandomRecords(seed: 7)
      let records = (0..<2500).map { _ in random.audit() }
      try await ledger.write { $0.audit = records }
      var previous = String(repeating: "0", count: 64)
      var count = 0
      try await ledger.export(.audit) { row in
        guard case .audit(let record, let columns, let previousHash) = row else { return }
        #expect(previousHash == previous)
        #expect(Self.hash(columns, after: previousHash) == record.hash)
        previous = record.hash
        count += 1
      }
      #expect(count == records.count)
    }
  }

  @Test func `of a part begins where that part does, also behind what retention took`() async throws {
    try await withLedger { ledger in
      try await ledger.write { batch in batch.audit = (1...10).map { .example("row", at: Int64($0 * 100)) } }
      _ = try await ledger.prune(now: .at(1000), retention: .init(audit: .seconds(750)))
      for (since, until, ids) in [(nil, nil, 3...10), (500, 800, 5...7)] as [(Int64?, Int64?, ClosedRange<Int64>)] {
        var found: [Int64] = []
        try await ledger.export(.audit, since: since.map(Timestamp.at), until: until.map(Timestamp.at)) { row in
          guard case .audit(let record, let columns, let previousHash) = row else { return }
          #expect(Self.hash(columns, after: previousHash) == record.hash)
          found.append(record.id)
        }
        #expect(found == Array(ids))
      }
      var others = 0
      try await ledger.export(.audit, since: .at(5000)) { _ in others += 1 }
      #expect(others == 0)
    }
  }

  @Test(arguments: ExportTable.allCases)
  func `goes through every row of a table, oldest first`(table: ExportTable) async throws {
    let sync = try SyncRecord.example()
    try await withLedger { ledger in
      try await ledger.write { batch in
        batch.transitions = (0..<1001).map { .example(1, at: Int64($0)) }
        batch.deliveries = (0..<1001).map { .example(at: $0) }
        batch.syncs = (0..<1001).map { _ in sync }
        batch.audit = (0..<1001).map { .example("row", at: $0) }
      }
      var ids: [Int64] = []
      try await ledger.export(table) { row in
        switch row {
        case .audit(let record, _, _): ids.append(record.id)
        case .history(let record): ids.append(record.id)
        case .delivery(let record): ids.append(record.id)
        case .sync(let record): ids.append(record.id)
        }
      }
      #expect(ids == Array(1...1001))
    }
  }

  /// The rule of docs/audit.md, written anew.
  private static func hash(_ columns: [ExportedColumn], after previous: String) -> String {
    var input = previous.utf8CString.dropLast().map { UInt8(bitPattern: $0) }
    input = stride(from: 0, to: 64, by: 2).compactMap { place in
      UInt8(String(decoding: input[place..<(place + 2)], as: UTF8.self), radix: 16)
    }
    for column in columns {
      var bytes: [UInt8]
      switch column {
      case .text(_, let text): bytes = Array(text.utf8)
      case .number(_, let number): bytes = (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
      }
      input += (0..<8).map { UInt8(truncatingIfNeeded: bytes.count >> (56 - 8 * $0)) }
      input += bytes
    }
    return SHA256.hash(data: input).map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
