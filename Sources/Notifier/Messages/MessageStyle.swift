package import Model
import Specs
package import Templates

/// The language of a message's own words.
package enum MessageLanguage: String, Hashable, Sendable, CaseIterable {
  case english = "en"
  case chinese = "zh"

  /// `locale`: as in a spec, such as `zh` or `zh-CN`; anything unknown is English.
  package init(locale: String?) {
    let language = locale.map { $0.prefix { $0 != "-" && $0 != "_" }.lowercased() }
    self = language.flatMap(Self.init(rawValue:)) ?? .english
  }
}

/// How a channel speaks: what its scope and its spec say about messages.
package struct MessageStyle: Sendable {
  package var language: MessageLanguage
  /// The zone in which times are shown.
  package var zone: ZoneRules
  package var severities: SeverityScale
  /// Whom each message names, besides those of the route.
  package var mentions: [Mention]
  package var templates: CompiledTemplates

  package init(
    language: MessageLanguage = .english, zone: ZoneRules = .utc, severities: SeverityScale = .standard,
    mentions: [Mention] = [], templates: CompiledTemplates = CompiledTemplates()
  ) {
    self.language = language
    self.zone = zone
    self.severities = severities
    self.mentions = mentions
    self.templates = templates
  }
}

/// A channel's own templates, parsed, with the definitions that they may call.
package struct CompiledTemplates: Sendable {
  package var title: Template?
  package var text: Template?
  package var html: Template?
  /// The named defaults, and above them the `Template` documents of platform, tenant and project.
  package var library = TemplateLibrary.notificationDefaults
  /// What `tz` knows.
  package var zones = Zones.utcOnly
  /// Why a template of the channel can't be read; the check says so too, with the place.
  package var trouble: String?

  package init() {}
}
