package import JSON
import Model

extension SpecSchema {
  /// The schema files of a repository, by their names: `belfry.json` for any document, and one for each kind.
  package static var files: [(name: String, schema: JSONValue)] {
    [("belfry.json", any)] + Kind.allCases.map { ($0.rawValue + ".json", json(of: $0)) }
  }
}
