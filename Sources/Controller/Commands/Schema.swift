import ArgumentParser
import JSON
import Model
import Specs

/// `belfry schema`: the form of documents, for editors.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print the JSON Schema of the documents, for editors.",
    discussion: """
      Prints the schema (draft 7) of any document that a spec repository may hold, or of the documents of one KIND. With
      --out it writes belfry.json and one file for each kind into a folder.

      Example: belfry schema Route
      Example: belfry schema --out schemas
      """)

  @Argument(help: "A kind, such as Route; without it the schema of any document.")
  var kind: String?
  @Option(help: "A folder to write all schemas into.")
  var out: String?

  func run() throws {
    if let out {
      guard kind == nil else {
        throw CommandFailure(.usage, "--out writes the schemas of all kinds; leave '\(kind ?? "")' out")
      }
      try Files.makeFolder(out, mode: 0o755)
      for (name, schema) in SpecSchema.files {
        try Files.write(schema.bytes(pretty: true) + [0x0a], to: out + "/" + name)
      }
      Console.note("wrote \(SpecSchema.files.count) schemas to \(out)")
    } else if let kind {
      guard let known = Kind.allCases.first(where: { $0.rawValue.lowercased() == kind.lowercased() }) else {
        let words = Kind.allCases.map(\.rawValue)
        throw CommandFailure(.usage, "no kind is named '\(kind)'; the kinds are \(words.joined(separator: ", "))")
      }
      Console.bytes(SpecSchema.json(of: known).bytes(pretty: true) + [0x0a])
    } else {
      Console.bytes(SpecSchema.any.bytes(pretty: true) + [0x0a])
    }
  }
}
