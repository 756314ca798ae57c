import Diagnostics
import Model
import Specs
import YAML

/// Makes the files of an imported configuration.
struct TreeMaker {
  let config: AlertmanagerConfig
  var maker: ChannelMaker
  let options: SpecOptions
  var files: [ImportedFile] = []
  private(set) var receivers: [ImportedReceiver] = []
  /// The templates that the channels may call.
  private var tree = SpecTree()
  private(set) var intervalNames: [String: String] = [:]

  init(config: AlertmanagerConfig, maker: ChannelMaker, options: SpecOptions) {
    self.config = config
    self.maker = maker
    self.options = options
  }

  // MARK: Templates

  /// Each file becomes a `Template`, where it can be read and defines nothing that an earlier one does.
  mutating func templates(_ sources: [AlertmanagerImport.TemplateFile]) {
    var names = NameBook()
    for source in sources {
      let base = source.path.split(separator: "/").last.map(String.init) ?? source.path
      let name = names.name(for: base.withoutExtension, else: "templates")
      let text = String(decoding: source.bytes, as: UTF8.self)
      let document = SpecDocument(
        kind: "Template", name: name, comments: ["From \(source.path)"], spec: [SpecField("text", text)])
      let path = "platform/templates/\(name).yaml"
      let file = ImportedFile(path, document.text)
      var attempt = tree
      attempt.update([(path, SpecFile.parse(path: path, bytes: file.bytes, options: options))])
      if let problem = attempt.problems.first(where: { $0.severity == .error }) {
        maker.reader.diagnostics.error(
          ImportCode.templateLeft.rawValue, "the templates of the file are left out: \(problem.message)",
          at: SourceSpan(file: source.path, range: .fileBegin),
          fix: problem.fix ?? "mend them; they stand in not-imported/templates/\(name).tmpl")
        files.append(ImportedFile(path: "not-imported/templates/\(name).tmpl", bytes: source.bytes))
      } else {
        tree = attempt
        files.append(file)
      }
    }
    for pattern in config.templates where sources.isEmpty {
      maker.reader.diagnostics.warning(
        ImportCode.templateLeft.rawValue, "no template file is read for '\(pattern.shortened)'",
        at: maker.reader.span(.fileBegin), fix: "copy the files to where the configuration says, and import again")
    }
  }

  // MARK: Channels

  /// Writes the channels. One that Belfry refuses loses its template first, then its destination.
  mutating func check(_ drafts: [[ChannelDraft]]) {
    var documents: [SpecDocument] = []
    for (receiver, channels) in zip(config.receivers, drafts) {
      let taken = channels.map { accepted($0) }
      documents += taken.map { $0.document(place: maker.reader.place($0.range)) }
      receivers.append(
        ImportedReceiver(
          name: receiver.name, channels: taken.map(\.name),
          line: Int(receiver.range.start.line + maker.reader.lineOffset),
          hasPlaceholder: taken.contains { $0.missing != nil }))
    }
    if !documents.isEmpty { files.append(ImportedFile("platform/channels.yaml", documents.text)) }
  }

  private mutating func accepted(_ draft: ChannelDraft) -> ChannelDraft {
    var draft = draft
    guard let problem = problem(of: draft) else { return draft }
    let template = draft.template
    if !template.isEmpty {
      draft.template = []
      if self.problem(of: draft) == nil {
        let parts = template.map { "'\($0.name)'" }.joined(separator: ", ")
        maker.reader.error(
          .templateLeft, "the template (\(parts)) of the channel '\(draft.name)' is left out: \(problem.message)",
          at: draft.range, fix: problem.fix ?? "mend it; until then the channel says the usual text")
        return draft
      }
    }
    maker.reader.error(
      .noSuchChannel, "the \(draft.kind) of '\(draft.receiver.shortened)' is not carried over: \(problem.message)",
      at: draft.range, fix: problem.fix ?? "give the channel '\(draft.name)' a destination")
    return .placeholder(draft.name, draft.receiver, at: draft.range, for: draft.kind + ": " + problem.message)
  }

  private func problem(of draft: ChannelDraft) -> Diagnostic? {
    let path = "platform/channels.yaml"
    let bytes = Array(draft.document(place: "").text.utf8)
    var attempt = tree
    attempt.update([(path, SpecFile.parse(path: path, bytes: bytes, options: options))])
    return attempt.problems.first { $0.severity == .error }
  }

  // MARK: The rest

  mutating func intervals() {
    var names = NameBook()
    var documents: [SpecDocument] = []
    for interval in config.intervals {
      let name = names.name(for: interval.name, else: "interval")
      intervalNames[interval.name] = name
      let never = SpecValue.map([SpecField("years", .list([.text("1970")]))])
      let items = interval.items.map { timeInterval($0, interval.name) }
      let document = SpecDocument(
        kind: "TimeInterval", name: name,
        comments: ["Time interval '\(interval.name)', \(maker.reader.place(interval.range))"]
          + (items.isEmpty ? ["It is empty, so it never comes"] : []),
        spec: [SpecField("time_intervals", .list(items.isEmpty ? [never] : items))])
      let read = SpecFile.parse(path: "platform/times.yaml", bytes: Array(document.text.utf8), options: options)
      for problem in read.diagnostics.all where problem.severity == .error {
        maker.reader.error(problem.code, problem.message, at: interval.range.startOnly, fix: problem.fix)
      }
      documents.append(document)
    }
    if !documents.isEmpty { files.append(ImportedFile("platform/times.yaml", documents.text)) }
  }

  private mutating func timeInterval(_ node: YAMLNode, _ name: String) -> SpecValue {
    guard case .map(var fields) = SpecValue(copying: node) else { return .map([]) }
    for (index, field) in fields.enumerated() where field.name == "location" && field.value == .text("Local") {
      maker.reader.error(
        .worksOtherwise, "the interval '\(name.shortened)' is in the zone of Alertmanager's machine; it is read in UTC",
        at: node.range.startOnly, fix: "write the zone's name, such as 'Europe/Berlin', in platform/times.yaml")
      fields[index].value = .text("UTC")
    }
    return .map(fields.map { SpecField($0.name, $0.value.asTexts) })
  }

  /// What of the configuration has no place in specs.
  mutating func others() {
    for entry in config.others {
      maker.reader.warning(
        .notCarried, "'\(entry.name)' is of the Alertmanager process and not carried over", at: entry.key.range)
    }
    for name in maker.global.left {
      let place = maker.global.section.place(of: name)
      if name == "resolve_timeout" {
        maker.reader.warning(
          .notCarried, "'resolve_timeout' has no counterpart: Belfry's evaluator always says when an alert ends",
          at: place)
      } else if name != "http_config" {
        maker.reader.warning(.notCarried, "no channel takes the global '\(name)'", at: place)
      }
    }
  }

  /// What Belfry says of the tree as a whole: nothing, or it isn't written.
  mutating func checkAll() {
    guard !isBroken else { return }
    var tree = SpecTree()
    tree.update(
      files.filter { SpecFile.scope(ofPath: $0.path) != nil }
        .map { ($0.path, SpecFile.parse(path: $0.path, bytes: $0.bytes, options: options)) })
    for problem in tree.problems where problem.severity == .error { maker.reader.diagnostics.report(problem) }
  }

  /// Whether something is wrong with the configuration, and not only missing in what was made of it.
  var isBroken: Bool {
    maker.reader.diagnostics.all.contains { $0.severity == .error && !ImportCode.isAboutCarrying($0.code) }
  }
}

extension SpecValue {
  /// The same with texts in place of numbers: days, months and years are read as texts.
  fileprivate var asTexts: SpecValue {
    switch self {
    case .literal(let text): .text(text)
    case .list(let items): .list(items.map(\.asTexts))
    case .map(let fields): .map(fields.map { SpecField($0.name, $0.value.asTexts) })
    case .text: self
    }
  }
}

extension String {
  /// A file's name without what follows its last dot.
  var withoutExtension: String {
    guard let dot = lastIndex(of: "."), dot != startIndex else { return self }
    return String(self[..<dot])
  }
}
