"""The vocabulary of the invented catalogue: titles, studios, platforms, regions, categories, hardware."""

ADJECTIVES = (
    "Ashen", "Brazen", "Crimson", "Distant", "Eternal", "Forgotten", "Gilded", "Hollow", "Infinite", "Jagged",
    "Kindled", "Lonely", "Molten", "Nocturnal", "Obsidian", "Painted", "Quiet", "Restless", "Shattered", "Thirteenth",
    "Untamed", "Verdant", "Wandering", "Frozen", "Zealous", "Broken", "Hidden", "Last", "Savage", "Tiny",
)  # fmt: skip
NOUNS = (
    "Harbor", "Citadel", "Orchard", "Kingdom", "Lantern", "Machine", "Voyage", "Garden", "Frontier", "Reckoning",
    "Signal", "Labyrinth", "Empire", "Hunters", "Railway", "Observatory", "Legion", "Courier", "Monastery", "Dungeon",
    "Racer", "Tycoon", "Farm", "Squadron", "Colony", "Chronicle", "Oath", "Horizon", "Tides", "Protocol",
)  # fmt: skip
OWNERS = (
    "Assassin's", "Wanderer's", "Captain's", "Devil's", "Queen's", "Nobody's", "Father's", "Hunter's", "Giant's",
)  # fmt: skip
PLACES = (
    "Aranth", "the North", "Vesper", "Königsmoor", "Ostrava", "Île Perdue", "São Vento", "Halcyon", "Mars", "Årdal",
)  # fmt: skip
SUBTITLES = (
    "Origins", "Reborn", "Remastered", "The Long Winter", "Rise of the Machines", "Aftermath", "Zero", "Complete",
    "Tales of Ash", "War of the Roses", "Director's Cut", "Enhanced", "Definitive", "Arena", "Tactics",
)  # fmt: skip
NUMERALS = ("II", "III", "IV", "V", "2", "3", "4", "2017", "2023", "XII")
EXTRAS = (
    "Season Pass", "Soundtrack", "The Frozen Crown", "Weapon Pack", "Year 2 Pass", "Founder's Pack", "Map Pack 1",
)  # fmt: skip
# What a catalogue of the whole world contains now and then: entities, other scripts, marks, quotes, symbols.
AWKWARD_TITLES = (
    "Swords &amp; Sandwiches", "Rock &amp; Roll Racing", "Tom &amp; Ada&#039;s Adventure", "Café Übermorgen",
    "Сталкер: Зона", "龍の庭", "三国志 英雄の道", "별의 노래", "Ödland — Die Rückkehr", "Pâtisserie Simulator™",
    'The "Perfect" Heist', "Łódź Nights®", "Ninja 🐱 Deluxe", "🚀 Rocket Barn", "C:\\> Hacker_Online",
    "مملكة الرمال", "Æther — Ørken", "100% Orange Juice", "Mother & Child", "Tiếng Gọi",
)  # fmt: skip
CARDS = (
    "Cloudline Gift Card", "Nimbus Wallet Card", "Starlane Points", "Arcadia Prepaid Card", "Gamer's Voucher",
)  # fmt: skip
CARD_VALUES = ("5 EUR", "10 EUR", "20 EUR", "50 EUR", "100 PLN", "25 USD", "1 Month", "3 Months", "12 Months", "1000")
GRAB_BAGS = ("Random PREMIUM", "Random", "Random LEGENDARY", "Mystery BOX", "Random Anime")
GRAB_BAG_SIZES = ("1 Key", "3 Keys", "5 Keys", "10 Keys", "25 Keys")

EDITIONS = (
    "", "", "", "", "", "", "Deluxe Edition", "GOTY", "Ultimate Edition", "Digital Deluxe", "Collector's Edition",
    "Anniversary Edition",
)  # fmt: skip
# The platform as the API's own field names it, and as a product's name spells it.
PLATFORMS = (
    ("Steam", "Steam Key"), ("Steam", "Steam Key"), ("Steam", "Steam Key"), ("Steam", "Steam Key"),
    ("Steam", "Steam Gift"), ("GOG", "GOG.COM Key"), ("Xbox Live", "Xbox Live Key"), ("XBOX LIVE", "XBOX LIVE"),
    ("PlayStation Network", "PSN Key"), ("Nintendo eShop", "Nintendo eShop Key"),
    ("Ubisoft Connect", "Ubisoft Connect Key"), ("Origin", "Origin Key"), ("Battle.net", "Battle.net Key PC"),
    ("Epic Games", "Epic Games Key"), ("Microsoft", "Microsoft Key"), ("Other", "Key"), ("", "Steam Key"),
)  # fmt: skip
REGIONS = (
    "GLOBAL", "GLOBAL", "GLOBAL", "GLOBAL", "GLOBAL", "EUROPE", "NORTH AMERICA", "RU/CIS", "LATAM", "UNITED STATES",
    "TURKEY", "POLAND",
)  # fmt: skip
TYPES = ("egoods", "egoods", "egoods", "egoods", "egoods", "egoods", "egoods", "gift", "")

STUDIOS = (
    "", "", "", "Lantern Works", "Frozen Byte Collective", "Studio Żubr", "Pixel & Sons", "Gray Heron", "Kobold Forge",
    "Ateş Oyun", "Deux Chats", "Northern Lights Interactive", "Monk Mode Games", "Harbor Nine", "8-Bit Bakery",
    "Крепость", "株式会社カエル", "O'Malley Brothers",
)  # fmt: skip
PUBLISHERS = (
    "", "", "", "Big Umbrella", "Paper Crown Publishing", "Meridian Digital", "Ostrich Games", "Self-published",
    "Grand Theatre Interactive", "Société des Jeux", "Red Kite Ltd.",
)  # fmt: skip

# Ids and names as the recorded responses have them: id 2 comes with two names, "Action" with two ids.
CATEGORIES = (
    (189, "Games"), (189, "Games"), (189, "Games"), (11, "All"), (544, "Adventure"), (12, "Action"), (812, "Action"),
    (545, "RPG"), (546, "Strategy"), (547, "Simulation"), (548, "Racing"), (549, "Sports"), (550, "Indie"),
    (543, "Sort List"), (791, "Microsoft"), (1459, "Gaming Subscriptions"), (939, "Gaming"),
    (2126, "Ofertas Latinoamérica"), (2174, "SPRING SALE"), (2223, "Under 5€"), (2301, "Point &amp; Click"),
    (2302, "Kids' Games"), (2, "All products"),
)  # fmt: skip
RENAMED_CATEGORIES = ((2, "Default Category"), (544, "Adventures"), (2174, "Spring Sale"))

PROCESSORS = (
    "", "2 GHz Dual-Core 32-bit CPU", "Intel Core i5-2400 / AMD FX-6300", "Intel® Core™ i7-8700", "1.8 GHz",
)  # fmt: skip
GRAPHICS = (
    "", "DirectX11 Compatible GPU with 512 MB Video RAM", "NVIDIA GTX 660 / AMD HD 7870", "Intel HD 4000", "RTX 3060",
)  # fmt: skip
MEMORIES = ("", "1 GB RAM", "4 GB RAM", "8 GB", "16 GB RAM")
DISKS = ("", "500 MB available space", "20 GB", "70 GB available space")
SYSTEMS = ("", "Windows 7/8/10 (64-bit)", "Windows 10", "OS X 10.9 or later", "Ubuntu 20.04+")
OTHERS = ("", "", "Broadband Internet connection", "Requires a 3rd-party account & 18+")

UNKNOWN_MEMBERS = (
    '"description":"<h3 style=\\"font-size: 16px;\\">Freedom</h3><p>Build &amp; explore.</p>",',
    '"badges":["bestseller"],',
    '"discount":{"percent":15,"until":null},',
    '"ean":null,',
)
