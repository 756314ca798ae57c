/// What functions make of shapes, and which arguments they refuse.
extension TemplateAnalyst {
  /// One argument of a call.
  struct Argument {
    var shape: TemplateShape
    var offset: Int
    /// As it is written.
    var written: String
  }

  /// Tells what is wrong with a call.
  mutating func check(
    _ command: TemplateCommand, _ function: TemplateFunction, _ name: TemplateOperand, _ arguments: [Argument]
  ) {
    let signature = function.signature
    if let complaint = signature.complaint(about: arguments.count) {
      return tell(
        TemplateFinding(
          .argumentCount, at: name.offset, "'\(function.name)' has a wrong number of arguments: \(complaint)"))
    }
    for (index, argument) in arguments.enumerated() {
      guard let kind = signature.kind(at: index), !argument.shape.suits(kind) else { continue }
      tell(unsuitable(argument, kind.goName, function))
    }
    switch function {
    case .eq, .ne, .lt, .le, .gt, .ge: checkComparison(function, name, arguments)
    case .match, .reReplaceAll: checkPattern(command, arguments)
    case .printf: checkVerbs(arguments, at: name.offset)
    case .humanize, .humanize1024, .humanizeDuration, .humanizePercentage, .humanizeTimestamp, .toTime, .toDuration:
      guard let argument = arguments.first, !argument.shape.isNumberLike else { return }
      tell(unsuitable(argument, "number", function))
    default: break
    }
  }

  private func unsuitable(_ argument: Argument, _ wanted: String, _ function: TemplateFunction) -> TemplateFinding {
    var fix: String?
    if wanted == "string", argument.shape == .float || argument.shape == .integer(nil) {
      fix = "make it a text: printf \"%v\" …"
    } else if wanted == TemplateSignature.Kind.sample.goName, argument.shape == .samples {
      fix = "take one of them: … | first | \(function.name)"
    }
    return TemplateFinding(
      .argumentType, at: argument.offset,
      "'\(function.name)' takes a \(wanted), and \(argument.written) is a \(argument.shape.typeName ?? "struct")",
      fix: fix)
  }

  private mutating func checkComparison(
    _ function: TemplateFunction, _ name: TemplateOperand, _ arguments: [Argument]
  ) {
    guard let first = arguments.first else { return }
    if function == .eq, arguments.count == 1 {
      return tell(TemplateFinding(.argumentCount, at: name.offset, "'eq' compares with nothing; it takes two or more"))
    }
    for other in arguments.dropFirst() where first.shape.compares(with: other.shape) == false {
      let types = "a \(first.shape.typeName ?? "") with a \(other.shape.typeName ?? "")"
      var fix: String?
      for (argument, opposite) in [(first, other), (other, first)] {
        if case .integer(let number?) = argument.shape, opposite.shape == .float { fix = "write \(number).0" }
      }
      tell(
        TemplateFinding(
          .comparison, at: name.offset, "'\(function.name)' compares \(types), which is an error", fix: fix))
    }
  }

  private mutating func checkPattern(_ command: TemplateCommand, _ arguments: [Argument]) {
    guard case .text(let text?)? = arguments.first?.shape, command.pattern == nil, command.operands.count > 1,
      case .string = command.operands[1].kind
    else { return }
    tell(
      TemplateFinding(
        .pattern, at: arguments[0].offset, "'\(text)' is not a pattern that RE2 accepts",
        fix: "see the syntax of RE2; it has no look-around and no back references"))
  }

  /// What a call yields.
  mutating func result(
    of function: TemplateFunction, at offset: Int, _ arguments: [Argument]
  ) -> TemplateShape {
    if function != .args { for argument in arguments { escapes(argument.shape) } }
    let first = arguments.first?.shape ?? .unknown
    switch function {
    case .and, .or: return arguments.dropFirst().reduce(first) { $0.joined(with: $1.shape) }
    case .not, .eq, .ne, .lt, .le, .gt, .ge, .match: return .bool
    case .len: return .integer(nil)
    case .query:
      depends(on: .queries)
      if case .text(let text?) = first { note(text, at: arguments.first?.offset ?? offset, as: .query) }
      return .samples
    case .first: return .sample
    case .sortByLabel: return .samples
    case .value, .parseDuration: return .float
    case .now, .timeNow:
      depends(on: .time)
      return function == .now ? .float : .time
    case .since:
      depends(on: .time)
      return .duration
    case .toTime, .tz, .toDate, .mustToDate: return .time
    case .toDuration: return .duration
    case .index: return indexed(arguments)
    case .slice: return first == .samples || first == .alertList || first == .texts ? first : .unknown
    case .args:
      return .map(Dictionary(uniqueKeysWithValues: arguments.enumerated().map { ("arg\($0)", $1.shape) }))
    case .stringSlice: return .texts
    case .call, .list, .append, .dict: return .unknown
    case .label, .strvalue, .printf, .print, .println, .html, .js, .urlquery, .toUpper, .toLower, .reReplaceAll,
      .safeHtml, .humanize, .humanize1024, .humanizeDuration, .humanizePercentage, .humanizeTimestamp, .title,
      .titleCase, .stripPort, .stripDomain, .graphLink, .tableLink, .externalURL, .pathPrefix, .urlQueryEscape,
      .trimSpace, .join, .safeUrl, .urlUnescape, .toJson, .date, .base64encode, .base64decode,
      .routeLabels:
      return .text(nil)
    }
  }

  private mutating func indexed(_ arguments: [Argument]) -> TemplateShape {
    guard arguments.count == 2, let map = arguments.first?.shape else { return .unknown }
    let key: String? = if case .text(let text) = arguments[1].shape { text } else { nil }
    switch map {
    case .labels:
      if let key { note(key, at: arguments[1].offset, as: .label) }
      return .text(nil)
    case .externalLabels:
      if let key { note(key, at: arguments[1].offset, as: .externalLabel) }
      return .text(nil)
    case .sampleLabels, .namedValues: return .text(nil)
    case .samples, .alerts, .alertList, .namedPairs, .texts: return map.element ?? .unknown
    case .text: return .integer(nil)
    case .map(let fields): return key.flatMap { fields[$0] } ?? .unknown
    default: return .unknown
    }
  }
}
