/// How an expansion ended.
package enum TemplateOutcome: Sendable {
  case text(String)
  /// `text` stands in place of the result: `<error expanding template: …>`.
  case failed(TemplateRenderError, text: String)
  /// The template asks this query, whose answer isn't among those given; with it, expand again.
  case needs(query: String)
}

extension Template {
  /// Expands the template of a rule.
  ///
  /// As in Prometheus nothing fails: after an error the text is `<error expanding template: …>` in its words.
  package func expand(_ data: TemplateData) -> TemplateOutcome {
    guard !isStatic else { return .text(text) }
    if let text = plain?.render(data) { return .text(text) }
    return expand(data.scene)
  }

  /// Expands the template.
  package func expand(_ scene: TemplateScene, library: TemplateLibrary = .empty) -> TemplateOutcome {
    guard !isStatic else { return .text(text) }
    var run = TemplateRun(self, in: scene, library: library)
    do throws(TemplateStop) {
      return .text(try run.run())
    } catch {
      switch error {
      case .needs(let query): return .needs(query: query)
      case .failed(let error): return .failed(error, text: words(for: error, scene))
      }
    }
  }

  private func words(for error: TemplateRenderError, _ scene: TemplateScene) -> String {
    functions.root == .rule ? error.wording(named: scene.name) : error.description(named: scene.name)
  }

  /// Expands the template of a rule, for callers who answer no queries: one that isn't answered is an error.
  package func render(_ data: TemplateData) -> (text: String, error: TemplateRenderError?) {
    switch expand(data) {
    case .text(let text): return (text, nil)
    case .failed(let error, let text): return (text, error)
    case .needs(let query):
      var answered = data
      answered.answers[query] = .failed("nobody answers queries here")
      return render(answered)
    }
  }

  /// What stands in place of a value whose template can't be read, in Prometheus's words.
  package static func textInPlace(of error: TemplateSyntaxError, in text: String, named name: String) -> String {
    let place = TemplatePlace(of: error.offset, in: text, isRule: true)
    return "<error expanding template: error parsing template \(name): "
      + "template: \(name):\(place.line): \(error.description)>"
  }
}
