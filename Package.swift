// swift-tools-version: 6.2
import PackageDescription

/// The settings of every Swift target: what the compiler can check, it checks, and a warning stops the build.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

/// A module of ours: exactly the imports listed, and the settings above.
func module(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
  .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

/// The tests of one module; they see its imports and the test kit.
func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: name + "Tests",
    dependencies: [.byName(name: name), "TestKit"] + dependencies,
    swiftSettings: strict
  )
}

let package = Package(
  name: "belfry",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "belfry", targets: ["belfry"]),
    .executable(name: "belfry-bench", targets: ["Bench"]),
    .executable(name: "belfry-fuzz", targets: ["Fuzz"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.20.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.30.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
  ],
  targets: [
    // System libraries: a module map, and a C shim where Swift can't call the library itself.
    .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .target(name: "CLibgit2", linkerSettings: [.linkedLibrary("git2")]),
    .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
    .target(name: "CSnappy", linkerSettings: [.linkedLibrary("snappy")]),
    .target(name: "CZlib", linkerSettings: [.linkedLibrary("z")]),
    .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2"), .linkedLibrary("stdc++")]),

    // Inner ring: vocabulary, then text in and meaning or diagnostics out.
    module("Patterns", ["CRE2"]),
    module("Model", ["Patterns"]),
    module("Diagnostics"),
    module("JSON"),
    module("YAML", ["Diagnostics", "CLibYAML"]),
    module("PromQL", ["Model", "Patterns", "Diagnostics"]),
    module("Templates", ["Model", "Patterns"]),
    module("Specs", ["Model", "Diagnostics", "JSON", "YAML", "PromQL", "Templates", "Patterns"]),

    // Middle ring: decisions as values and a thin runner each; never one another.
    module("Reconciler", ["Model", "Diagnostics", "Specs"]),
    module("Importer", ["Model", "Diagnostics", "YAML", "Specs", "PromQL", "Templates", "Patterns"]),
    module("Evaluator", ["Model", "JSON", "PromQL", "Templates", "Specs"]),
    module(
      "Notifier",
      ["Model", "JSON", "Templates", "Specs", "Patterns", .product(name: "Crypto", package: "swift-crypto")]
    ),

    // Outer ring: one adapter for each thing outside; never one another.
    module(
      "Git",
      [
        "Model", "CLibgit2", .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
      ]
    ),
    module("Transport", ["Model", "CCurl"]),
    module("Forge", ["Model", "JSON"]),
    module("RemoteWrite", ["Model", "PromQL", "CSnappy"]),
    module("Embedded", ["Model", "PromQL", .product(name: "GRDB", package: "GRDB.swift")]),
    module(
      "Ledger",
      ["Model", .product(name: "GRDB", package: "GRDB.swift"), .product(name: "Crypto", package: "swift-crypto")]
    ),
    module(
      "StatusAPI",
      [
        "Model", "JSON", "Diagnostics", "CZlib",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "JWTKit", package: "jwt-kit"),
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      exclude: ["Dashboard/Assets"]
    ),
    module(
      "Webhook",
      [
        "Model", "JSON",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "Crypto", package: "swift-crypto"),
      ]
    ),

    // Everything that knows concrete types, and the executable, which is one line.
    module(
      "Controller",
      [
        "Model", "Patterns", "Diagnostics", "JSON", "YAML", "PromQL", "Templates", "Specs",
        "Reconciler", "Importer", "Evaluator", "Notifier", "Git", "Transport", "Forge", "RemoteWrite", "Embedded",
        "Ledger", "StatusAPI", "Webhook",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]
    ),
    .executableTarget(name: "belfry", dependencies: ["Controller"], swiftSettings: strict),

    // Tests and measurements.
    module("TestKit", ["Model", "Diagnostics", "JSON", "Patterns"]),
    .executableTarget(
      name: "Bench",
      dependencies: [
        "Model", "JSON", "PromQL", "Specs", "Evaluator", "Notifier", "Transport", "RemoteWrite", "Embedded", "TestKit",
      ],
      swiftSettings: strict
    ),
    .executableTarget(
      name: "Fuzz",
      dependencies: [
        "Model", "PromQL", "Specs", "Templates", "Importer", "Embedded", "Git", "Forge", "StatusAPI", "Webhook",
        "TestKit",
      ],
      swiftSettings: strict
    ),
    tests("Patterns"),
    tests("Model", ["Patterns"]),
    tests("Diagnostics"),
    tests("JSON"),
    tests("YAML", ["Diagnostics"]),
    tests("PromQL", ["Model", "Patterns"]),
    tests("Templates", ["Model"]),
    tests("Specs", ["Model", "Diagnostics", "JSON", "YAML", "PromQL", "Patterns"]),
    tests("Reconciler", ["Model", "Diagnostics", "PromQL", "Specs"]),
    tests("Importer", ["Model", "Diagnostics", "YAML", "Specs", "Notifier", "Patterns"]),
    tests("Evaluator", ["Model", "JSON", "PromQL", "Specs", "Templates"]),
    tests("Notifier", ["Model", "JSON", "Specs", "Templates", "Transport", "Diagnostics"]),
    tests("Git", ["Model"]),
    tests("Transport", ["Model"]),
    tests("Forge", ["Model", "JSON", "Transport"]),
    tests("RemoteWrite", ["Model", "PromQL", "Transport"]),
    tests("Embedded", ["Model", "PromQL", "Transport"]),
    tests(
      "Ledger",
      ["Model", .product(name: "GRDB", package: "GRDB.swift"), .product(name: "Crypto", package: "swift-crypto")]
    ),
    tests(
      "StatusAPI",
      [
        "Model", "JSON", .product(name: "HummingbirdTesting", package: "hummingbird"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]
    ),
    tests(
      "Webhook",
      [
        "Model", "JSON", .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "HummingbirdTesting", package: "hummingbird"),
      ]
    ),
    tests(
      "Controller",
      [
        "Model", "JSON", "Diagnostics", "PromQL", "Specs", "Reconciler", "Evaluator", "Notifier", "Transport", "Ledger",
        "Embedded", "Forge", "Git", "YAML", .product(name: "Crypto", package: "swift-crypto"),
      ]
    ),
  ]
)
