import Model
import Patterns

extension TemplateFunction {
  /// Calls the function; `and`, `or`, `query` and `call` are the renderer's.
  ///
  /// `pattern` is the compiled first argument, where the template writes it out; `limit` is in bytes.
  func call(
    _ arguments: [TemplateValue], pattern: Pattern?, in scene: TemplateScene, limit: Int
  ) throws(TemplateCallError) -> TemplateValue {
    let given = TemplateArguments(values: arguments)
    switch self {
    case .and, .or, .query, .call: return .none
    case .not: return .bool(!given[0].isTrue)
    case .eq, .ne, .lt, .le, .gt, .ge: return .bool(try compare(given))
    case .len, .index, .slice, .first, .label, .value, .strvalue, .sortByLabel, .args, .list, .append, .dict,
      .stringSlice:
      return try collected(given)
    case .printf:
      return .string(try GoPrinter.format(given.text(0), Array(arguments.dropFirst()), limit: limit))
    case .print: return .string(try GoPrinter.print(arguments, limit: limit))
    case .println: return .string(try GoPrinter.print(arguments, spaced: true, limit: limit) + "\n")
    case .html, .js, .urlquery: return .string(try escaped(arguments, limit: limit))
    case .toJson: return .string(try GoJSON.encode(given[0], limit: limit))
    case .humanize, .humanize1024, .humanizeDuration, .humanizePercentage, .humanizeTimestamp:
      return .string(try humanized(try given.number(0)))
    case .toTime, .toDuration, .now, .timeNow, .date, .tz, .since, .toDate, .mustToDate, .parseDuration:
      return try timed(given, scene)
    case .safeHtml where scene.markup == .html: return .object(TrustedText(kind: .html, content: given.text(0)))
    case .safeUrl where scene.markup == .html: return .object(TrustedText(kind: .url, content: given.text(0)))
    case .match, .reReplaceAll: return try callPattern(given, compiled: pattern, limit: limit)
    case .externalURL: return .string(scene.externalURL)
    case .pathPrefix: return .string(urlPath(of: scene.externalURL))
    case .join:
      var text = BoundedText(limit: limit)
      for (index, element) in given.elements(1).enumerated() {
        if index > 0 { text.append(given.text(0)) }
        if case .string(let piece) = element { text.append(piece) }
      }
      return .string(try text.complete(limit: limit))
    case .urlUnescape: return .string(try queryUnescaped(given.text(0)))
    case .base64decode: return .string(try base64Decoded(given.text(0)))
    default: return .string(transformed(given.text(0)))
    }
  }

  /// What a function of one text makes of it.
  func transformed(_ text: String) -> String {
    switch self {
    case .title: text.titleAsGo
    case .titleCase: text.lowercasedAsGo.titleAsGo
    case .toUpper: text.uppercasedAsGo
    case .toLower: text.lowercasedAsGo
    case .stripPort: strippingPort(text)
    case .stripDomain: strippingDomain(text)
    case .urlQueryEscape: queryEscaped(text)
    case .graphLink: "/graph?g0.expr=" + queryEscaped(text) + "&g0.tab=0"
    case .tableLink: "/graph?g0.expr=" + queryEscaped(text) + "&g0.tab=1"
    case .trimSpace: trimmingSpace(text)
    case .base64encode: base64Encoded(text)
    // Belfry's routes have no labels of their own, and Alertmanager gives nothing for a label that isn't there.
    case .routeLabels: ""
    default: text
    }
  }

  private func escaped(_ arguments: [TemplateValue], limit: Int) throws(TemplateCallError) -> String {
    let text = try GoPrinter.print(arguments, nothing: "<no value>", limit: limit)
    switch self {
    case .html: return htmlEscaped(text)
    case .js: return jsEscaped(text)
    default: return queryEscaped(text)
    }
  }

  /// What one of the functions `humanize…` makes of a number.
  func humanized(_ number: Double) throws(TemplateCallError) -> String {
    switch self {
    case .humanize: humanizedByThousands(number)
    case .humanize1024: humanizedBy1024(number)
    case .humanizeDuration: Templates.humanizedDuration(number)
    case .humanizePercentage: (number * 100).formattedAsGo(.g, precision: 4) + "%"
    default: try humanizedTimestamp(number)
    }
  }

  private func callPattern(
    _ given: TemplateArguments, compiled: Pattern?, limit: Int
  ) throws(TemplateCallError) -> TemplateValue {
    let text = given.text(0)
    let pattern: Pattern
    do throws(PatternSyntaxError) {
      if let compiled, compiled.text == text { pattern = compiled } else { pattern = try Pattern(unanchored: text) }
    } catch {
      throw .function("'\(text)' is not a pattern that RE2 accepts: \(error.message)")
    }
    guard self == .reReplaceAll else { return .bool(pattern.matches(given.text(1))) }
    guard let replaced = pattern.replacingAll(in: given.text(2), with: given.text(1), limit: limit) else {
      throw .tooLong(limit: limit)
    }
    return .string(replaced)
  }
}
