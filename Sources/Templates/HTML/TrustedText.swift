/// What `safeHtml` and `safeUrl` make of a text in a page: its author says that it may stand there as it is.
struct TrustedText: TemplateObject {
  /// As what it is trusted.
  enum Kind: Hashable, Sendable {
    case html
    case url
    /// `html` at the end of the pipeline has escaped it.
    case escapedForHTML
    /// `urlquery` at the end of the pipeline has escaped it.
    case escapedForQuery
  }

  let kind: Kind
  let content: String

  var typeName: String { kind == .url ? "template.URL" : "template.HTML" }
  var underlying: TemplateValue? { .string(content) }
  var text: String? { content }
}

extension TemplateFunction {
  /// What a pipeline that ends with this function needs no more.
  var trust: TrustedText.Kind? {
    switch self {
    case .html: .escapedForHTML
    case .urlquery: .escapedForQuery
    default: nil
    }
  }
}
