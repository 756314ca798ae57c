import Controller

await Belfry.start()
