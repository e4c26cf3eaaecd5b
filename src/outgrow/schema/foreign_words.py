"""What names promise in German, French, Spanish, Italian and Dutch, as far as a plan depends on it.

A site's fields are often named in its author's language. Most words carry over by themselves, for a table and what
refers to it share theirs whatever the language. But that a `leiter` is one of the `mitglieder`, and what one of them is
called, has to be known. Words stand in the singular, without accents, as field names are written.
"""

from __future__ import annotations

# Tables that hold people, by the last word of their name.
PEOPLE = frozenset(
    # German, also in the plural where that isn't formed by an ending
    "mitglied mitglieder benutzer nutzer kunde kunden mitarbeiter mitarbeiterin angestellter angestellte lehrer"
    " schueler schuler student studenten autor autoren person personen patient patienten arzt aerzte spieler"
    " trainer fahrer helfer kamerad kameraden gast gaeste kontakt kontakte verkaeufer teilnehmer bearbeiter"
    # French
    " utilisateur membre client employe salarie personne auteur eleve etudiant enseignant professeur medecin joueur"
    " adherent vendeur contact abonne benevole"
    # Spanish
    " usuario miembro cliente empleado persona autor autore alumno estudiante profesor profesore maestro medico"
    " paciente jugador jugadore socio vendedor vendedore contacto trabajador trabajadore"
    # Italian
    " utente utenti membro membri clienti dipendente dipendenti persone autori alunno alunni studente studenti"
    " docente docenti socio soci giocatore giocatori medici paziente pazienti"
    # Dutch
    " gebruiker lid leden klant klanten medewerker personeel auteurs leerling leerlingen docenten speler spelers"
    " patienten artsen vrijwilliger".split()
)

# Of these, the ones who may play any role for a record, as a site's users do.
ANYBODY = frozenset(
    "mitglied mitglieder kamerad kameraden benutzer nutzer mitarbeiter person personen angestellter angestellte kontakt"
    " kontakte"
    " utilisateur membre employe salarie personne adherent usuario miembro empleado persona trabajador trabajadore"
    " socio utente utenti membro membri dipendente dipendenti persone soci gebruiker lid leden medewerker"
    " personeel".split()
)

# Roles that people play for a record.
ROLES = frozenset(
    "leiter leiterin kapitaen vorsitz vorsitzender kassenwart stellvertreter obmann trainerin betreuerin ersteller"
    " pfleger pate erstellt verfasser autor autorin bearbeiter bearbeitet besitzer"
    " eigentuemer inhaber"
    " verantwortlicher verantwortlich zustaendig betreuer ansprechpartner vorgesetzter absender empfaenger kaeufer"
    " verkaeufer kunde teilnehmer trainer organisator gastgeber benutzer mitglied mitarbeiter"
    " auteur createur redacteur proprietaire responsable gerant directeur destinataire expediteur acheteur vendeur"
    " utilisateur membre cree modifie organisateur animateur"
    " autor creador creado propietario dueno encargado responsable jefe remitente destinatario comprador vendedor"
    " usuario miembro organizador aprobado guia tutor vocal monitor"
    " autore creatore creato proprietario responsabile capo mittente destinatario acquirente venditore utente"
    " maker gemaakt eigenaar verantwoordelijke leider afzender ontvanger koper verkoper gebruiker lid".split()
)

# What records of one table are to each other, and what the other side is called then.
SELF_ROLES = {
    "remplace": "remplace_par",
    "remplacepar": "remplace",
    "ersetzt": "ersetzt_durch",
    "ersetztdurch": "ersetzt",
    "sustituye": "sustituido_por",
    "sostituisce": "sostituito_da",
    "vervangt": "vervangen_door",
    "mutter": "children",
    "vater": "children",
    "padre": "children",
    "madre": "children",
    "pere": "children",
    "mere": "children",
    "moeder": "children",
    "vader": "children",
    "eltern": "children",
}

# Amounts of money.
MONEY = frozenset(
    "preis betrag kosten gebuehr summe umsatz gehalt lohn miete tagessatz prix montant cout frais tarif salaire loyer"
    " precio importe coste costo cuota salario alquiler prezzo importo costo tariffa stipendio affitto prijs bedrag"
    " tarief salaris huur".split()
)

# E-mail addresses.
ADDRESSES = frozenset({"correo", "courriel", "emailadresse", "correoelectronico", "epost"})

# What stands for the `by` of `created_by`.
BY = frozenset({"von", "durch", "par", "por", "da", "door"})

# What is true or false, by the last word of a field's name.
FLAGS = frozenset(
    "aktiv gekuendigt storniert bezahlt erledigt gesperrt geloescht sichtbar oeffentlich bestaetigt"
    " angemeldet"
    " actif active paye visible publie valide termine verrouille"
    " activo activa pagado pagada visible publicado confirmado cancelado bloqueado mantenimiento"
    " attivo attiva pagato pagata visibile pubblicato confermato uso actief betaald zichtbaar geblokkeerd".split()
)

# Nouns that tables are called by, whose plural no English rule knows; of each pair the singular comes first.
_NOUNS = (
    # German
    "mitglied mitglieder, kunde kunden, artikel artikel, benutzer benutzer, nutzer nutzer, mitarbeiter mitarbeiter,"
    "teilnehmer teilnehmer, spieler spieler, lehrer lehrer, schueler schueler, fahrer fahrer, helfer helfer,"
    "beitrag beitraege, kategorie kategorien, seite seiten, termin termine, autor autoren, bild bilder, buch buecher,"
    "ort orte, raum raeume, halle hallen, sparte sparten, nachricht nachrichten, kommentar kommentare, klasse klassen,"
    "fach faecher, note noten, tier tiere, tierart tierarten, datei dateien, produkt produkte, ware waren,"
    "lieferant lieferanten, adresse adressen, person personen, gruppe gruppen, rolle rollen, recht rechte, album alben,"
    "gast gaeste, arzt aerzte, tierarzt tieraerzte, verein vereine, veranstalter veranstalter, projekt projekte,"
    "aufgabe aufgaben, preis preise, spende spenden, interessent interessenten, patient patienten, student studenten,"
    "zimmer zimmer, konto konten, auftrag auftraege, angebot angebote, mannschaft mannschaften, stadt staedte,"
    "land laender, kurs kurse, frage fragen, antwort antworten, umfrage umfragen, rezept rezepte, zutat zutaten,"
    # Dutch
    "gebruiker gebruikers, lid leden, klant klanten, bericht berichten, boek boeken, product producten, vraag vragen,"
    "bestelling bestellingen, categorie categorieen, pagina paginas, gebouw gebouwen, speler spelers,"
    # Spanish and Portuguese
    "autor autores, vendedor vendedores, proveedor proveedores, profesor profesores, jugador jugadores, color colores,"
    "trabajador trabajadores, pais paises, mes meses, taller talleres, papel papeles, hotel hoteles,"
    "cancion canciones, seccion secciones, inscripcion inscripciones, reunion reuniones, direccion direcciones,"
    "excursion excursiones, opinion opiniones, votacion votaciones, ubicacion ubicaciones, imagen imagenes,"
    # Italian
    "utente utenti, prodotto prodotti, ordine ordini, cliente clienti, vino vini, categoria categorie, socio soci,"
    "membro membri, libro libri, autore autori, articolo articoli, pagina pagine, evento eventi, messaggio messaggi,"
    "studente studenti, docente docenti, fornitore fornitori, botte botti, camera camere, prenotazione prenotazioni,"
    "ingrediente ingredienti, ricetta ricette, squadra squadre, giocatore giocatori, agente agenti, voto voti,"
    # French
    "journal journaux, animal animaux, local locaux, tableau tableaux, bureau bureaux, jeu jeux, lieu lieux"
)
SINGULARS = {many: one for one, many in (pair.split() for pair in _NOUNS.split(","))}
# Of these the English plural is as likely meant.
BOTH = frozenset(
    "note tier person album product color hotel animal journal student patient land opinion camera local".split()
)

# With what a name begins that asks whether something is so: `ist_trainer`, `hat_schluessel`.
ASKING = frozenset("ist hat kann darf est peut tiene puede heeft mag".split())
