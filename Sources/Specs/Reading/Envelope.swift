import Diagnostics
import Model
import YAML

/// What every Belfry document has around its spec.
struct Envelope {
  let kind: Kind
  let name: Located<String>
  var owner: String?
  var labels: Labels = .empty
  var previousNames: [String] = []
  /// The value of `spec`; null when there is none.
  let spec: YAMLNode
  let index: Int
  /// Whether something about the envelope itself is wrong.
  private(set) var hasErrors = false
  /// The line of each rule of a group.
  var ruleLines: [Int32] = []

  private static let names = FieldNames("a document", ["apiVersion", "kind", "metadata", "spec"])
  private static let metadataNames: FieldNames = {
    var names = FieldNames("metadata", ["name", "owner", "labels", "previous_names"])
    names.answers = [
      "namespace": "the folder says whose document this is", "tenant": "the folder says whose document this is",
      "project": "the folder says whose document this is", "annotations": "put it into 'labels', or a comment",
      "previousNames": "write 'previous_names'",
    ]
    return names
  }()

  /// `nil`, with findings, when kind or name can't be told.
  init?(_ root: YAMLNode, index: Int, _ reading: inout Reading) {
    let errorsBefore = reading.diagnostics.errorCount
    guard let fields = Fields(root, Self.names, &reading) else { return nil }
    Self.checkVersion(fields, &reading)
    let kind = Self.kind(fields, &reading)
    let metadata = fields.required("metadata", &reading, fix: "add 'metadata: {name: …}'")
      .flatMap { Fields($0, Self.metadataNames, &reading) }
    let name = metadata.flatMap { Self.name($0, &reading) }
    guard let kind, let name, let metadata else { return nil }
    self.kind = kind
    self.name = name
    self.index = index
    spec = fields["spec"] ?? YAMLNode(.mapping([]), at: fields.place(of: "spec"))
    owner = metadata["owner"].flatMap { reading.word($0, "an owner") }
    labels = Labels(metadata["labels"].map { reading.labels($0, .documentLabels) } ?? [])
    previousNames = metadata["previous_names"].map { reading.words($0, "previous names").map(\.value) } ?? []
    check(&reading, metadata)
    hasErrors = reading.diagnostics.errorCount > errorsBefore
  }

  func origin(file: String) -> Origin {
    Origin(
      file: file, line: Int(name.range.start.line), document: index, format: .belfry, ruleLines: ruleLines)
  }

  private static func checkVersion(_ fields: Fields, _ reading: inout Reading) {
    guard let node = fields.required("apiVersion", &reading, fix: "add 'apiVersion: belfry/v1'") else { return }
    guard let version = reading.text(node, "an apiVersion"), version != "belfry/v1" else { return }
    reading.error(
      .unknownVersion,
      "no apiVersion is '\(Wording.short(version))'" + Wording.suggestion(version, among: ["belfry/v1"]),
      at: node.range, fix: "write apiVersion: belfry/v1")
  }

  private static func kind(_ fields: Fields, _ reading: inout Reading) -> Kind? {
    let words = Kind.allCases.map(\.rawValue)
    guard let node = fields.required("kind", &reading, fix: "add 'kind:' with one of \(words.joined(separator: ", "))"),
      let text = reading.text(node, "a kind")
    else { return nil }
    guard let kind = Kind(rawValue: text) else {
      reading.error(
        .unknownKind, "no kind is named '\(Wording.short(text))'" + Wording.suggestion(text, among: words),
        at: node.range, fix: "the kinds are \(words.joined(separator: ", "))")
      return nil
    }
    if !kind.isAllowed(in: reading.scope) {
      reading.error(
        .kindOutOfScope, "a \(kind.rawValue) can't stand in \(reading.scope.path)/", at: node.range,
        fix: "move it to \(kind.places)")
    }
    return kind
  }

  private static func name(_ metadata: Fields, _ reading: inout Reading) -> Located<String>? {
    guard let node = metadata.required("name", &reading), let name = reading.word(node, "a name") else { return nil }
    if !Names.isSubdomain(name) {
      reading.error(
        .malformedName, "'\(Wording.short(name))' can't be a name", at: node.range,
        fix: "use lower-case letters, digits and hyphens, with a letter or digit at both ends")
    }
    return Located(value: name, range: node.range)
  }

  private func check(_ reading: inout Reading, _ metadata: Fields) {
    if previousNames.contains(name.value) {
      reading.warning(
        .noEffect, "'\(name.value)' is its own previous name", at: metadata.place(of: "previous_names"),
        fix: "remove it")
    }
    let folder: String?
    switch (kind, reading.scope) {
    case (.platform, .platform): folder = "platform"
    case (.tenant, .tenant(let tenant)): folder = tenant
    case (.project, .project(_, let project)): folder = project
    default: folder = nil
    }
    if let folder, folder != name.value {
      reading.error(
        .folderMismatch, "\(kind.words) '\(Wording.short(name.value))' stands in the folder '\(folder)'",
        at: name.range,
        fix: "write name: \(folder); after renaming a folder, list its old name in 'previous_names'")
    }
  }
}
