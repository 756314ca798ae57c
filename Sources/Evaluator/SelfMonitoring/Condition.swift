package import Model

/// Something that is wrong with Belfry itself or with what it depends on.
package enum Trouble: Hashable, Sendable {
  case scopeHeld(Scope)
  /// A data source doesn't answer; its id.
  case dataSourceDown(ResourceID)
  /// Rules of a group fail by their own fault; the group's id.
  case ruleFailing(ResourceID)
  /// A channel takes no message; its id.
  case channelFailing(ResourceID)
  case ledgerFailing
  /// Groups of a scope are evaluated too late.
  case ticksMissed(Scope)
}

/// A trouble that lasts.
package struct Condition: Hashable, Sendable {
  package var trouble: Trouble
  package var since: Timestamp
  /// What is wrong, in one line for people.
  package var detail: String
  /// Where the remedy is likely to be made, where known.
  package var place: Provenance?

  package init(_ trouble: Trouble, since: Timestamp, detail: String, place: Provenance? = nil) {
    self.trouble = trouble
    self.since = since
    self.detail = detail
    self.place = place
  }
}
