/// A drawing of 16 × 16 that stands beside a word, never instead of one that a screen reader needs.
enum Icon {
  case overview, bell, rules, tenants, sync, mute, send, clock, audit
  case good, busy, warning, bad, neutral, info
  case theme, search, menu, external

  /// Its shapes, drawn in the colour of the text.
  var shapes: StaticString {
    switch self {
    case .overview: #"<path d="M2.5 2.5h4.5v5h-4.5zM9 2.5h4.5v3H9zM9 8h4.5v5.5H9zM2.5 10h4.5v3.5h-4.5z"/>"#
    case .bell: #"<path d="M4 11V7a4 4 0 0 1 8 0v4l1.5 1.5h-11zM6.5 14.2h3"/>"#
    case .rules: #"<path d="M2.5 4h1M6 4h7.5M2.5 8h1M6 8h7.5M2.5 12h1M6 12h7.5"/>"#
    case .tenants: #"<path d="M2.5 13.5V5.5l4-3v11M6.5 13.5h7v-7h-7M9 9h2M9 11.2h2"/>"#
    case .sync:
      #"<path d="M13.5 8a5.5 5.5 0 0 1-9.6 3.6M2.5 8a5.5 5.5 0 0 1 9.6-3.6M12.4 1.8v2.8H9.6M3.6 14.2v-2.8h2.8"/>"#
    case .mute: #"<path d="M4 11V7a4 4 0 0 1 6.2-3.3M12 7.2V11l1.5 1.5h-9M6.5 14.2h3M2 2l12 12"/>"#
    case .send: #"<path d="M14 2 7 9M14 2l-4.3 12L7 9 2 6.4z"/>"#
    case .clock: #"<circle cx="8" cy="8" r="5.7"/><path d="M8 4.7V8l2.3 1.6"/>"#
    case .audit: #"<path d="M3.5 1.8h6l3 3v9.4h-9zM6 7.5h4M6 10.5h4"/>"#
    case .good: #"<circle cx="8" cy="8" r="6"/><path d="m5.2 8.2 2 2 3.7-4.2"/>"#
    case .busy: #"<circle cx="8" cy="8" r="6" stroke-dasharray="3 2.2"/><path d="M8 5v3.2l2 1"/>"#
    case .warning: #"<path d="M8 2.2 14.3 13.4H1.7zM8 6.3v3.4M8 11.4v.4"/>"#
    case .bad:
      #"<path class="fill" d="M5.4 1.7h5.2l3.7 3.7v5.2l-3.7 3.7H5.4l-3.7-3.7V5.4z"/><path class="cut" d="M8 4.6v4M8 10.9v.5"/>"#
    case .neutral: #"<circle cx="8" cy="8" r="6"/><path d="M5.4 8h5.2"/>"#
    case .info: #"<circle cx="8" cy="8" r="6"/><path d="M8 7.4v3.6M8 4.8v.4"/>"#
    case .theme: #"<circle cx="8" cy="8" r="5.7"/><path class="fill" d="M8 2.3a5.7 5.7 0 0 1 0 11.4z"/>"#
    case .search: #"<circle cx="7" cy="7" r="4.3"/><path d="m10.2 10.2 3.5 3.5"/>"#
    case .menu: #"<path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11"/>"#
    case .external: #"<path d="M9 2.5h4.5V7M13.5 2.5 7.5 8.5M11.5 9v4.5h-9v-9H7"/>"#
    }
  }
}

extension HTMLWriter {
  mutating func icon(_ icon: Icon) {
    markup(#"<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">"#)
    markup(icon.shapes)
    markup("</svg>")
  }
}
