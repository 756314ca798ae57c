package import Diagnostics
package import Model

/// What one file of a spec repository says, by itself: the result of reading it, kept by its blob's id.
package struct SpecFile: Sendable {
  /// What a file is.
  package enum Content: Hashable, Sendable {
    case specs
    /// A promtool unit test: run by `belfry test`, ignored by the controller.
    case unitTest
    /// Outside `platform/` and `tenants/`, or left out by `.belfryignore`.
    case ignored
  }

  package var path: String
  /// The scope that the path belongs to; `nil` when ignored.
  package var scope: Scope?
  package var content: Content
  /// Whether this stands where a folder could be, of which nobody knows what it holds.
  package var isUnlistedFolder = false
  package var resources: [Resource]
  /// Resources that are declared and could not be read: mentions of them are not dangling, and they are not absent.
  package var unreadable: [ResourceID] = []
  /// What is wrong within the file; references to other files are judged by ``SpecTree``.
  package var diagnostics: Diagnostics
  /// What checks of its rules found, besides what keeps them from being read.
  package var lints = LintReport()

  package init(
    path: String, scope: Scope?, content: Content, resources: [Resource] = [], diagnostics: Diagnostics = .init()
  ) {
    self.path = path
    self.scope = scope
    self.content = content
    self.resources = resources
    self.diagnostics = diagnostics
  }
}
