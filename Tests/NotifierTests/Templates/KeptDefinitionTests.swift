import Diagnostics
import Model
import Notifier
import Specs
import Templates
import Testing

@Suite struct `Definitions that a held scope still calls` {
  private let id = ResourceID(.platform, .template, "words")

  private func template(_ text: String, _ definitions: String...) -> Resource {
    let place = SourcePosition(line: 1, column: 1)
    return Resource(
      id: id, spec: .template(TemplateSpec(text: text, definitions: definitions)),
      origin: Origin(file: "platform/words.yaml", line: 1, document: 0, format: .belfry),
      nameRange: SourceRange(place, place))
  }

  private func words(of resource: Resource, then others: [(String, TemplateSpec)] = []) -> (String, String) {
    var templates = NotificationTemplates()
    guard case .template(let spec) = resource.spec else { return ("", "") }
    templates.set(id, spec)
    for (name, spec) in others { templates.set(ResourceID(.platform, .template, name), spec) }
    let made = ["title", "body"].map { name in
      var own = MessageTemplates()
      own.text = "{{ template \"\(name)\" . }}"
      let library = templates.library(of: .project(tenant: "shop", project: "checkout"))
      let style = MessageStyle(templates: CompiledTemplates(own, library: library))
      return MessageContent(Post([twoAlerts]), style).body ?? "nothing"
    }
    return (made[0], made[1])
  }

  @Test func `stand beside the new text, which counts where both have a name`() {
    let first = template("{{ define \"title\" }}1{{ end }}{{ define \"body\" }}1{{ end }}", "body", "title")
    let second = template("{{ define \"title\" }}2{{ end }}", "title")
    #expect(words(of: first) == ("1", "1"))
    #expect(words(of: second) == ("2", "nothing"))
    #expect(words(of: first.keeping(["body"], beside: second)) == ("2", "1"))
  }

  @Test func `are all that is left of a document whose other definitions moved`() {
    let first = template("{{ define \"title\" }}1{{ end }}{{ define \"body\" }}1{{ end }}", "body", "title")
    let rest = first.keeping(["body"], beside: nil)
    #expect(words(of: rest) == ("nothing", "1"))
    // Its name comes before, so that it would count less; and after.
    let moved = TemplateSpec(text: "{{ define \"title\" }}3{{ end }}", definitions: ["title"])
    #expect(words(of: rest, then: [("a", moved)]) == ("3", "1"))
    #expect(words(of: rest, then: [("z", moved)]) == ("3", "1"))
    #expect(first.keeping(["body", "title"], beside: nil).digest == first.digest)
  }
}
