/// The codes of findings that only imports give; `docs/import.md` explains them.
package enum ImportCode: String, CaseIterable, Sendable {
  /// The file is something else than was asked for.
  case otherFile = "other-file"
  /// A field that the original has, and Belfry nothing like it.
  case notCarried = "not-carried"
  /// A destination that Belfry doesn't have; a stand-in keeps the routes as they are.
  case noSuchChannel = "no-such-channel"
  /// It was carried over, and works in another way.
  case worksOtherwise = "works-otherwise"
  /// Something is named that isn't there.
  case undefinedName = "undefined-name"
  /// Two things have one name.
  case duplicateName = "duplicate-name"
  /// A template that can't be read or calls what isn't there.
  case templateLeft = "template-left"
  /// Rules that stay outside of the specs.
  case ruleLeft = "rule-left"
  /// A group that was divided among tenants.
  case groupDivided = "group-divided"
}
