"""The brands and words that no agency may sign with from the start; staff edit the list afterwards."""

# By kind and by how far they reach (messaging/lookalikes.py): "part" also inside longer words, "word" also as one of
# several words, "name" as the whole name only. Words of everyday language and those that hide in others reach least.
WORDS = {
    ("insurer", "part"): (
        *("PZU", "Allianz", "Uniqa", "Compensa", "InterRisk", "Hestia", "Ergo Hestia", "Link4"),
        *("Proama", "Benefia", "YouCanDrive", "Beesafe", "Trasti", "Signal Iduna", "Balcia"),
        *("Gothaer", "Rankomat", "Unilink", "Nationale", "Metlife"),
    ),
    ("insurer", "word"): (
        *("Warta", "Generali", "Wiener", "TUZ", "MTU", "TUW", "Saltus", "AXA", "Aviva", "Ergo"),
        *("Vienna Life", "Prudential", "Unum", "Concordia", "Leadenhall", "Colonnade", "KUKE"),
        *("Mubi", "CUK", "Punkta", "Wefox", "Pocztowe", "Open Life", "Agro Ubezp", "VIG", "Saltus TU"),
    ),
    ("insurer", "name"): ("NN", "N-N", "Europa TU", "Inter Polska", "Medica", "Defend Insu"),
    ("bank", "part"): (
        *("mBank", "Pekao", "PKO BP", "Santander", "BNP Paribas", "Alior", "Millennium", "Citibank"),
        *("Handlowy", "Nest Bank", "VeloBank", "BOS Bank", "ING Bank", "Credit Agri", "Revolut"),
        *("Inteligo", "IKO PKO", "Przelewy24", "PayPal", "Getin", "Erste Bank", "PolCard", "Tpay"),
    ),
    ("bank", "word"): (
        *("PKO", "ING", "BNP", "Citi", "BOS", "BPS", "SGB", "SKOK", "NBP", "Erste", "Velo Bank"),
        *("Aion", "Wise", "Visa", "Mastercard", "BLIK", "PayU", "Dotpay", "Provident", "Vivus", "KIR"),
    ),
    ("bank", "name"): ("Nest", "Velo", "Pocztowy", "Toyota Bank", "Plus Bank", "Bank"),
    ("public", "part"): (
        *("ePUAP", "mObywatel", "eUrzad", "ePodatki", "Policja", "KNF", "NFZ", "UFG", "UOKiK"),
        *("KRUS", "PIT-28", "gov.pl", "CEIDG", "Alert RCB", "eDoreczenia", "Prokuratura", "CSIRT"),
        *("Ministerstwo", "Komornik", "GITD", "CANARD", "eToll", "Sanepid", "Skarbowka"),
    ),
    ("public", "word"): (
        *("ZUS", "GOV", "KAS", "UKE", "RCB", "UODO", "GUS", "MSWiA", "ABW", "CBA", "NASK", "CERT", "IMGW"),
        *("PFRON", "ARiMR", "PARP", "PFR", "NIK", "RPO", "ZTM", "PKP", "MOPS", "GOPS", "WOT", "SKW"),
        *("KRS", "PIP", "CEPiK", "Urzad", "Sejm", "Senat", "Sad Rejonowy", "e-Sad", "KSeF", "IKP"),
        *("Rzecznik", "Straz", "SANEPID GIS", "Centrum RCB", "PIT", "ZDM", "PUE"),
    ),
    ("public", "name"): ("MF", "M-F", "MON", "GIS", "Sad", "RARS", "US", "UM", "112", "997", "998", "999"),
    ("operator", "part"): ("T-Mobile", "Polkomtel", "Virgin Mob", "Vectra", "Netia", "Polsat", "Lycamobile"),
    ("operator", "word"): (
        *("Orange", "Heyah", "Nju", "nju mobile", "Red Bull Mob", "Mobile Vik", "UPC", "Toya", "Inea"),
        *("SMSAPI", "SerwerSMS", "Play24", "TVP", "Canal", "Netflix", "Plush", "Premium Mob"),
    ),
    ("operator", "name"): ("Plus", "Play", "Play Next", "Plus GSM", "Sferia", "A2", "A2 Mobile", "Lyca"),
    ("delivery", "part"): (
        *("InPost", "Paczkomat", "Allegro", "AliExpress", "Amazon", "Zalando", "FedEx", "Pocztex"),
        *("Poczta Pol", "Facebook", "WhatsApp", "Instagram", "Google", "Microsoft", "Booking"),
        *("Biedronka", "Media Expert", "Otomoto", "Otodom", "eObuwie", "Ceneo"),
    ),
    ("delivery", "word"): (
        *("DPD", "DHL", "UPS", "GLS", "OLX", "Vinted", "Temu", "Shein", "Uber", "Bolt", "Glovo"),
        *("Poczta", "Orlen", "Zabka", "Lidl", "Lotto", "Tauron", "Enea", "Energa", "PGE", "PGNiG"),
        *("Apple", "Meta", "Rossmann", "Orlen Paczka", "Empik", "Wolt", "Pyszne", "Medicover", "Luxmed"),
    ),
    ("delivery", "name"): ("Paczka", "Kurier", "Orlen Mapa", "Packeta", "Media Markt", "Ikea"),
    ("general", "name"): (
        *("Info", "SMS", "Test", "Alert", "Kod", "Bramka", "Bramka SMS", "MPS", "Powiadom", "Serwis"),
        *("Informacja", "Wiadomosc", "Wazne", "Pilne", "Uwaga", "Alarm", "System", "Admin", "Operator"),
        *("Token", "Haslo", "Logowanie", "Platnosc", "Przelew", "Faktura", "Mandat", "Wygrana", "Konto"),
        *("Nagroda", "Doplata", "Windykacja", "Pomoc", "Help", "Support", "BOK", "Eco", "2way", "OTP"),
        *("Numer", "Nieznany", "Prywatny", "Zastrzezony", "Mama", "Tata", "Autoryzacja", "Weryfikacja"),
        *("Ubezpieczyc", "Poczta glos", "Notice", "Verify", "Code", "Security", "Urgent", "Message"),
    ),
}


def add_words(apps, schema_editor=None):
    reserved_name = apps.get_model("messaging", "ReservedName")
    reserved_name._default_manager.bulk_create(
        (
            reserved_name(word=word, kind=kind, reach=reach)
            for (kind, reach), words in WORDS.items()
            for word in words
        ),
        ignore_conflicts=True,
    )
