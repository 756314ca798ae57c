import ArgumentParser

/// `belfry rbac`: who may change what.
struct Rbac: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rbac",
    abstract: "Ask who may change what, and judge commits.",
    subcommands: [RbacCan.self, RbacCheck.self])
}
