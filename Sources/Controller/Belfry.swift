package import ArgumentParser
import Git
import Glibc
import Ledger
import StatusAPI

/// The command line.
package struct Belfry: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "belfry",
    abstract: "Alerting that follows a git repository.",
    version: belfryVersion,
    subcommands: [
      Run.self, Check.self, Diff.self, Shadow.self, Query.self, TestCommand.self, Render.self, Status.self,
      Alerts.self, Explain.self, History.self, Deliveries.self, Audit.self, Changes.self, Stats.self, Compare.self,
      ChannelCommand.self, SilenceCommand.self, LedgerCommand.self, Rbac.self, CommentCommand.self, Wait.self,
      ImportCommand.self, Init.self, SchemaCommand.self, FormatCommand.self,
      Completions.self, GitFetch.self,
    ])

  package init() {}

  /// Runs the command that the arguments name, and ends the process with its exit code.
  package static func start() async -> Never {
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      Glibc.exit(Exit.done.rawValue)
    } catch {
      end(with: error)
    }
  }

  private static func end(with error: any Error) -> Never {
    let failure: CommandFailure
    switch error {
    case let known as CommandFailure: failure = known
    case let error as GitError: failure = CommandFailure(error.isTransient ? .unreachable : .failed, error.description)
    case let error as LedgerError: failure = CommandFailure(.failed, error.description)
    case let error as ListenError: failure = CommandFailure(.failed, error.description)
    case let error as Files.Failure: failure = CommandFailure(.failed, error.description)
    default: exit(withError: error)
    }
    Console.note("belfry: " + failure.description)
    Glibc.exit(failure.exit.rawValue)
  }
}
