import ArgumentParser
import Diagnostics
import Importer

/// What both imports take.
struct ImportOptions: ParsableArguments {
  /// From which severity on the command exits with 3 although the tree is written.
  enum Level: String, ExpressibleByArgument, CaseIterable {
    case never, error, warning
  }

  @Option(help: "A new or empty folder for the specs.")
  var out: String
  @Option(help: "A new or empty folder for the secrets, each a file that only you can read.")
  var secretsOut: String?
  @Option(help: "Exit with 3 where something couldn't be carried over: never, error or warning.")
  var failOn = Level.never
  @Flag(help: "Only say what would be written.")
  var dryRun = false

  /// Prints what was found, writes the files, and says so.
  func finish(_ imported: Imported, _ source: (String) -> [UInt8]?) throws {
    if !imported.diagnostics.isEmpty {
      Console.note(imported.diagnostics.rendered(RenderingStyle(colour: Console.colourful), source: source))
    }
    guard !imported.isRefused else {
      Console.note("belfry: nothing was written")
      throw Exit.unsound.code
    }
    if !dryRun {
      let folder = try OutputFolder(out)
      let secrets = try secretsOut.map { path throws(CommandFailure) in try OutputFolder(path) }
      try folder.write(imported.files)
      try secrets?.write(Self.files(of: imported.secrets), mode: 0o600, folderMode: 0o700)
    }
    Console.result(summary(imported))
    let worst = imported.diagnostics.all.map(\.severity).max()
    let fails = failOn == .error ? worst == .error : failOn == .warning && worst != nil
    if fails { throw Exit.unsound.code }
  }

  /// Refuses a folder that isn't empty before any work is done.
  func checkFolders() throws {
    _ = try OutputFolder(out)
    _ = try secretsOut.map { path throws(CommandFailure) in try OutputFolder(path) }
    guard secretsOut.map({ !$0.hasPrefix(out + "/") && $0 != out }) ?? true else {
      throw ValidationError("--secrets-out must be outside of --out, which becomes a repository")
    }
  }

  private static func files(of secrets: [NeededSecret]) -> [ImportedFile] {
    secrets.compactMap { secret in
      secret.value.map { ImportedFile(path: "platform/" + secret.name, bytes: Array($0.utf8)) }
    }
  }

  private func summary(_ imported: Imported) -> String {
    let errors = imported.diagnostics.all.count { $0.severity == .error }
    let warnings = imported.diagnostics.all.count - errors
    var lines = [
      (dryRun ? "would write " : "wrote ") + plural(imported.files.count, "file") + " to \(out): "
        + "\(errors) missing, \(warnings) different; IMPORT.md tells what"
    ]
    let unknown = imported.secrets.filter { $0.value == nil }
    if !imported.secrets.isEmpty {
      lines.append(plural(imported.secrets.count, "secret") + " needed; IMPORT.md says which file must hold what")
    }
    if secretsOut != nil, !unknown.isEmpty {
      lines.append("\(unknown.count) of them stand in files that the configuration names; copy those yourself")
    }
    return lines.joined(separator: "\n")
  }
}
