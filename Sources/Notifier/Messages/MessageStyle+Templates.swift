package import Model
package import Specs
package import Templates

extension CompiledTemplates {
  /// The templates of a channel's spec. One that can't be read is left out and told in ``trouble``.
  package init(_ spec: MessageTemplates, library: TemplateLibrary = .notificationDefaults, zones: Zones = .utcOnly) {
    self.init()
    self.library = library
    self.zones = zones
    title = parsed(spec.title, "title")
    text = parsed(spec.text, "text")
    html = parsed(spec.html, "html")
  }

  private mutating func parsed(_ text: String?, _ name: String) -> Template? {
    guard let text else { return nil }
    do throws(TemplateSyntaxError) {
      return try Template(parsing: text, functions: .notification)
    } catch {
      trouble = trouble ?? "'\(name)' can't be read: \(error.description)"
      return nil
    }
  }

  /// Whether messages are written in the usual words alone.
  var isEmpty: Bool { title == nil && text == nil && html == nil && trouble == nil }
}

/// Why a template gave no text for a message.
package struct MessageTemplateError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One line for people, in the words of Go where it has some; labels' values may stand in it, never a secret.
  package let description: String
}

extension MessageStyle {
  /// What `template` makes of a message: for bodies that are templates themselves, such as a webhook's.
  ///
  /// `template` is parsed with the functions of notifications; it may call the channel's ``CompiledTemplates/library``.
  /// Of a digest the gravest group is meant. `name` stands in the error's words.
  package func expanded(
    _ template: Template, of post: Post, named name: String = "body"
  ) throws(MessageTemplateError) -> String {
    try MessageExpansion(post, self).text(of: template, named: name)
  }
}

/// A message together with what templates see of it: made once, for all templates of one post.
struct MessageExpansion {
  private let scene: TemplateScene
  private let library: TemplateLibrary

  /// `content`: the post in the usual words; made here where it isn't given.
  init(_ post: Post, _ style: MessageStyle, content: MessageContent? = nil) {
    var plain = style
    plain.templates = CompiledTemplates()
    library = style.templates.library
    let content = content ?? MessageContent(post, plain)
    scene = TemplateScene(
      name: "", root: .object(NotificationData(post.first, content, plain)), now: post.first.at,
      externalURL: post.first.externalURL, zones: style.templates.zones)
  }

  func text(
    of template: Template, named name: String, markup: TemplateScene.Markup = .none
  ) throws(MessageTemplateError) -> String {
    var scene = scene
    scene.name = name
    scene.markup = markup
    switch template.expand(scene, library: library) {
    case .text(let text): return text
    case .failed(_, let words): throw MessageTemplateError(description: words.onOneLine(limit: 500))
    case .needs(let query):
      throw MessageTemplateError(description: "'\(name)' asks a query: " + query.onOneLine(limit: 200))
    }
  }
}

extension MessageContent {
  /// Puts the texts of the channel's templates in place of the usual ones.
  ///
  /// Paging never depends on a template: where one fails or gives nothing, the usual text stays, and ``trouble`` says
  /// why. A digest is always in the usual words, since a template tells of one group.
  mutating func apply(_ templates: CompiledTemplates, _ post: Post, _ style: MessageStyle) {
    guard !templates.isEmpty, !post.isDigest else { return }
    trouble = templates.trouble
    let expansion = MessageExpansion(post, style, content: self)
    if let text = text(of: templates.title, "title", by: expansion)?.onOneLine(limit: 300), !text.isEmpty {
      title = (post.isTest ? "[" + words.test + "] " : "") + text
    }
    body = text(of: templates.text, "text", by: expansion)
    html = text(of: templates.html, "html", by: expansion, markup: .html)
  }

  /// `nil` without a template, when it fails, and when it gives nothing but white space.
  private mutating func text(
    of template: Template?, _ name: String, by expansion: MessageExpansion, markup: TemplateScene.Markup = .none
  ) -> String? {
    guard let template else { return nil }
    do throws(MessageTemplateError) {
      let text = try expansion.text(of: template, named: name, markup: markup)
      return text.utf8.allSatisfy({ $0 <= 0x20 }) ? nil : text
    } catch {
      trouble = trouble ?? error.description
      return nil
    }
  }
}
