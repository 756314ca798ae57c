import ArgumentParser
import Ledger
import Model

/// `belfry ledger`: the SQLite file by itself.
struct LedgerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger", abstract: "Verify, copy or export the ledger.",
    subcommands: [Verify.self, Backup.self, LedgerExport.self])

  /// `belfry ledger verify`: recomputes the audit's chain of hashes.
  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check that no row of the audit was changed.",
      discussion: """
        Exits with 1 when the chain of hashes is broken.

        Example: belfry ledger verify /var/lib/belfry/ledger.sqlite
        """)

    @Argument(help: "The ledger's file.")
    var file = "belfry-data/ledger.sqlite"

    func run() async throws {
      let ledger = try Ledger.inspect(file)
      switch try await ledger.verifyAudit() {
      case .intact(let count): Console.result("the audit is intact: \(count) rows")
      case .broken(let row, _, _):
        throw CommandFailure(.failed, "the audit is broken at row \(row): the row, or one before it, was changed")
      case .missing(let row): throw CommandFailure(.failed, "the audit is broken: row \(row) is missing")
      }
    }
  }

  /// `belfry ledger backup`: a consistent copy of a ledger that may be in use.
  struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Copy the ledger, also while a controller uses it.",
      discussion: "Example: belfry ledger backup /var/lib/belfry/ledger.sqlite /backup/ledger.sqlite")

    @Argument(help: "The ledger's file.")
    var file: String
    @Argument(help: "The copy; it must not exist.")
    var copy: String

    func run() async throws {
      try await Ledger.inspect(file).backup(to: copy)
      Console.result("copied to \(copy)")
    }
  }
}
