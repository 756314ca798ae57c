import ArgumentParser
import Importer

/// `belfry init`: a first repository.
struct Init: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a first spec repository: a platform, a tenant with rule and test, and CI.",
    discussion: """
      Writes into a new or empty folder; one that holds a git repository without files will do. Nothing that is there is
      overwritten. The result passes belfry check and belfry test.

      Example: belfry init alerts --tenant shop
      """)

  @Argument(help: "The folder.")
  var folder = "."
  @Option(help: "The name of the first tenant: lower-case letters, digits and hyphens.")
  var tenant = "shop"
  @Flag(help: "Write beside what is there; files that are there already are still refused.")
  var force = false

  /// What a repository that was just made on a forge holds.
  private static let usual: Set = [".git"]

  func run() async throws {
    guard let repository = FirstRepository(tenant: tenant, now: SystemClock().now) else {
      throw CommandFailure(
        .usage, "--tenant '\(tenant)': lower-case letters, digits and hyphens are accepted, at most 63, not 'platform'")
    }
    let files = repository.files
    let output: OutputFolder
    if force {
      let there = files.filter { Files.exists(folder + "/" + $0.path) }
      guard there.isEmpty else {
        let names = there.map(\.path).joined(separator: ", ")
        throw CommandFailure(.failed, "\(folder) has files of these names: \(names); nothing was written")
      }
      output = OutputFolder(existing: folder)
    } else {
      output = try OutputFolder(folder, mayHold: Self.usual)
    }
    try output.write(files)
    Console.result(
      (["wrote to \(folder):"] + files.map { "  " + $0.path } + [
        "", "next: put your Prometheus's address into platform/sources.yaml, then: belfry check \(folder)",
      ]).joined(separator: "\n"))
  }
}
