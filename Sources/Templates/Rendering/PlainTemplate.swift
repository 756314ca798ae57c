import Model

/// A rule's template that is only texts, and labels and values that go through a function or two, as nearly all are: it
/// renders without a ``TemplateRun``.
///
/// Where anything may fail there is none, or it gives no text: the run then tells what is wrong.
struct PlainTemplate: Sendable {
  private enum Source: Sendable {
    case label(String)
    case externalLabel(String)
    case externalURL
    case value

    var isText: Bool { if case .value = self { false } else { true } }
  }

  private enum Piece: Sendable {
    case text(String)
    /// Something with the functions that it goes through.
    case item(Source, [PlainStep])
  }

  private var pieces: [Piece] = []
  /// The bytes of all texts.
  private var textBytes = 0

  /// `nil` when there is more to the template.
  init?(_ nodes: [TemplateNode]) {
    pieces.reserveCapacity(nodes.count)
    for node in nodes {
      switch node {
      case .text(let text):
        pieces.append(.text(text))
        textBytes += text.utf8.count
      case .action(let pipeline):
        guard let piece = Self.piece(pipeline) else { return nil }
        pieces.append(piece)
      default: return nil
      }
    }
  }

  private static func piece(_ pipeline: TemplatePipeline) -> Piece? {
    guard pipeline.variables.isEmpty, let first = pipeline.commands.first?.operands.first else { return nil }
    var steps: [PlainStep] = []
    var commands = pipeline.commands[...]
    var found: Source?
    if case .function = first.kind {
      // The last argument of the first command is what goes through the functions.
      guard pipeline.commands[0].operands.count > 1 else { return nil }
      found = pipeline.commands[0].operands.last.flatMap(source)
    } else {
      guard pipeline.commands[0].operands.count == 1 else { return nil }
      found = source(first)
      commands = commands.dropFirst()
    }
    guard let source = found else { return nil }
    var isText = source.isText
    for (index, command) in commands.enumerated() {
      let takesSource = index == 0 && commands.count == pipeline.commands.count
      let operands = takesSource ? command.operands.dropLast() : command.operands[...]
      guard let step = PlainStep(operands, ofText: isText) else { return nil }
      steps.append(step)
      isText = true
    }
    return .item(source, steps)
  }

  private static func source(_ operand: TemplateOperand) -> Source? {
    var path = operand.path[...]
    var field: String?
    switch operand.kind {
    case .field: field = path.popFirst()
    case .variable(let variable) where variable.number == TemplateVariable.root: field = path.popFirst()
    case .variable(let variable):
      field = TemplateFunctionSet.rule.variables.first { $0.name == variable.name }?.field
    default: return nil
    }
    switch (field, path.count) {
    case ("Labels", 1): return path.first.map { .label($0) }
    case ("ExternalLabels", 1): return path.first.map { .externalLabel($0) }
    case ("ExternalURL", 0): return .externalURL
    case ("Value", 0): return .value
    default: return nil
    }
  }

  var dependencies: TemplateDependencies {
    let usesValue = pieces.contains { if case .item(.value, _) = $0 { true } else { false } }
    return usesValue ? .value : []
  }

  /// The text; `nil` when a function fails, or a text is longer than the data's limits allow.
  func render(_ data: TemplateData) -> String? {
    var result = ""
    // Shorter ones mostly need no memory of their own.
    if textBytes > 15 { result.reserveCapacity(min(textBytes + pieces.count * 12, 1 << 12)) }
    for piece in pieces {
      guard result.utf8.count <= data.limits.bytes else { return nil }
      switch piece {
      case .text(let text): result += text
      case .item(.label(let name), let steps):
        guard let text = applied(steps[...], to: data.labels[name], data) else { return nil }
        result += text
      case .item(.externalLabel(let name), let steps):
        guard let text = applied(steps[...], to: data.externalLabels[name], data) else { return nil }
        result += text
      case .item(.externalURL, let steps):
        guard let text = applied(steps[...], to: data.externalURL, data) else { return nil }
        result += text
      case .item(.value, let steps):
        guard let first = steps.first else {
          result += data.value.printedAsGo
          continue
        }
        guard let number = first.applied(to: data.value),
          let text = applied(steps.dropFirst(), to: number, data)
        else { return nil }
        result += text
      }
    }
    return result.utf8.count > data.limits.bytes ? nil : result
  }

  private func applied(_ steps: ArraySlice<PlainStep>, to text: String, _ data: TemplateData) -> String? {
    var text = text
    for step in steps {
      guard let next = step.applied(to: text), next.utf8.count <= data.limits.bytes else { return nil }
      text = next
    }
    return text
  }
}

/// A function of a text or of a number that gives a text.
private enum PlainStep: Sendable {
  case ofText(TemplateFunction)
  case ofNumber(TemplateFunction)
  /// `printf` with one plain verb for a number, and the texts around it.
  case format(before: String, FloatFormat, precision: Int?, after: String)

  /// What `operands`, a function and its arguments but for the last, do with the last; `nil` for others.
  init?(_ operands: ArraySlice<TemplateOperand>, ofText: Bool) {
    guard let first = operands.first, first.path.isEmpty, case .function(let function) = first.kind else { return nil }
    switch function {
    case .humanize, .humanize1024, .humanizePercentage, .humanizeDuration, .humanizeTimestamp:
      guard !ofText, operands.count == 1 else { return nil }
      self = .ofNumber(function)
    case .toUpper, .toLower, .title, .stripPort, .stripDomain, .urlQueryEscape, .safeHtml:
      guard ofText, operands.count == 1 else { return nil }
      self = .ofText(function)
    case .printf:
      guard !ofText, operands.count == 2, let last = operands.last, case .string(let format) = last.kind else {
        return nil
      }
      self.init(format: format)
    default: return nil
    }
  }

  /// `%f`, `%g`, `%e` or `%v` once, with a precision of up to two digits or without, and no other percent sign.
  private init?(format: String) {
    let bytes = Array(format.utf8)
    guard let percent = bytes.firstIndex(of: UInt8(ascii: "%")) else { return nil }
    var offset = percent + 1
    var precision: Int?
    if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
      offset += 1
      let digits = bytes[offset...].prefix(while: \.isASCIIDigit)
      guard digits.count <= 2 else { return nil }
      precision = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
      offset += digits.count
    }
    guard offset < bytes.count else { return nil }
    let before = String(decoding: bytes[..<percent], as: UTF8.self)
    let rest = bytes[(offset + 1)...]
    guard !rest.contains(UInt8(ascii: "%")) else { return nil }
    let after = String(decoding: rest, as: UTF8.self)
    switch bytes[offset] {
    case UInt8(ascii: "f"): self = .format(before: before, .f, precision: precision ?? 6, after: after)
    case UInt8(ascii: "e"): self = .format(before: before, .e, precision: precision ?? 6, after: after)
    case UInt8(ascii: "g"), UInt8(ascii: "v"): self = .format(before: before, .g, precision: precision, after: after)
    default: return nil
    }
  }

  /// `nil` when it fails.
  func applied(to number: Double) -> String? {
    switch self {
    case .ofText: return nil
    case .ofNumber(let function):
      do throws(TemplateCallError) { return try function.humanized(number) } catch { return nil }
    case .format(let before, let format, let precision, let after):
      let digits = number.formattedAsGo(format, precision: precision)
      return before.isEmpty && after.isEmpty ? digits : before + digits + after
    }
  }

  /// `nil` when it fails.
  func applied(to text: String) -> String? {
    if case .ofText(let function) = self { function.transformed(text) } else { nil }
  }
}
