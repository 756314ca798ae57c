/// Which arguments a function or method takes.
package struct TemplateSignature: Hashable, Sendable {
  /// What one argument must be.
  package enum Kind: Hashable, Sendable {
    case any, text, texts, list, samples, sample, time, duration

    /// Go's name of the type, for error texts.
    var goName: String {
      switch self {
      case .any: "interface {}"
      case .text: "string"
      case .texts: "[]string"
      case .list: "[]interface {}"
      case .samples: TemplateList.samplesType
      case .sample: "*template.sample"
      case .time: "time.Time"
      case .duration: "time.Duration"
      }
    }
  }

  let fixed: [Kind]
  /// What further arguments must be; `nil` where there are none.
  let rest: Kind?

  package init(_ fixed: Kind..., rest: Kind? = nil) {
    self.fixed = fixed
    self.rest = rest
  }

  /// What the argument at `index`, from 0, must be; `nil` where there is none.
  func kind(at index: Int) -> Kind? { index < fixed.count ? fixed[index] : rest }

  /// In Go's words, what is wrong with a number of arguments.
  func complaint(about count: Int) -> String? {
    if count < fixed.count, rest != nil { return "want at least \(fixed.count) got \(count)" }
    return count == fixed.count || rest != nil ? nil : "want \(fixed.count) got \(count)"
  }
}

extension TemplateValue {
  /// This value as an argument of that kind; `nil` when it isn't one.
  func argument(_ kind: TemplateSignature.Kind) -> TemplateValue? {
    switch (kind, self) {
    case (.any, _), (.text, .string), (.time, .time), (.duration, .duration), (.list, .list): return self
    case (.sample, .object(let object)): return object is TemplateSample ? self : nil
    case (.samples, .list(let list)): return list.typeName == TemplateList.samplesType ? self : nil
    case (.samples, .none): return .list(.samples([]))
    case (.list, .none), (.texts, .none): return .list(TemplateList([]))
    case (.texts, _), (.list, _):
      guard case .list(let list) = bare else { return nil }
      guard kind == .texts else { return bare }
      let isOfTexts = list.elements.allSatisfy { if case .string = $0 { true } else { false } }
      return isOfTexts ? bare : nil
    case (.text, .object(let object)):
      guard case .string(let text)? = object.underlying else { return nil }
      return .string(text)
    default: return nil
    }
  }
}
