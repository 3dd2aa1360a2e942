"""Spanish. Usted; words without á, í, ó and ú, one of which would halve the length of an SMS."""

from loyalty.adapters.message_texts.language import Language, Text
from loyalty.domain.message import MessageKind

SPANISH = Language(
    date_pattern="d MMM y",
    is_one=lambda number: abs(number) == 1,
    texts={
        MessageKind.WELCOME: Text(
            "Le damos la bienvenida", "{shop}: ¡hola! Su tarjeta y sus {points_many}: {link}", stops=True
        ),
        MessageKind.FIRST_POINT: Text(
            "Le damos la bienvenida",
            "{shop}: ¡hola! Tiene {points} {points_word}. Su tarjeta: {link}",
            stops=True,
        ),
        MessageKind.POINTS_EARNED: Text(
            "Novedades en su tarjeta", "{shop}: +{points} {points_word}. Total: {balance} {balance_word}."
        ),
        MessageKind.TIER_REACHED: Text(
            "Le espera una recompensa",
            '{shop}: tiene {balance} {balance_word}, la recompensa "{tier}" es suya. '
            "Solicite su recompensa en otra compra o siga acumulando.",
        ),
        MessageKind.PROGRAMME_CHANGED: Text(
            "Cambia el programa de fidelidad",
            "{shop}: el programa de fidelidad cambia el {date}. Conserva sus {balance} {balance_word}. "
            "Detalles: {link}",
        ),
        MessageKind.POINTS_EXPIRING: Text(
            "Para usar pronto",
            "{shop}: {points} {points_word} para usar antes del {date}. Total: {balance} {balance_word}.",
        ),
        MessageKind.REDEMPTION_CONFIRMED: Text(
            "Se ha usado una recompensa",
            '{shop}: recompensa "{tier}" usada ({points} {points_word}), confirmada en caja. '
            "Le quedan {balance} {balance_word}. ¿No fue usted? Avise en la tienda.",
        ),
        MessageKind.ONE_TIME_CODE: Text(
            "Su clave",
            "{shop}: su clave es {code}. Vale {minutes} minutos. Solo para nuestra pantalla o caja: "
            "no la comparta con nadie.",
        ),
        MessageKind.BIRTHDAY: Text(
            "¡Feliz cumpleaños!",
            "{shop}: ¡feliz cumpleaños! Nuestro regalo: {gift}, hasta el {date}.",
            stops=True,
        ),
        MessageKind.STATUS_LINK: Text(
            "Su nuevo enlace", "{shop}: su nuevo enlace: {link} El anterior ya no funciona."
        ),
        MessageKind.RETENTION: Text(
            "Su cuenta se va a borrar",
            "{shop}: sin visita, cuenta y {points_many} se borran el {date}. Seguir: {link}",
        ),
        MessageKind.OPTED_OUT: Text(
            "Ya no recibirá mensajes",
            "{shop}: hecho, ya no le enviaremos mensajes. Conserva sus {points_many}. Para volver: START.",
        ),
        MessageKind.OPTED_IN: Text(
            "Vuelve a recibir nuestros mensajes",
            "{shop}: vuelve a recibir los mensajes sobre sus {points_many}, sin publicidad.",
            stops=True,
        ),
        MessageKind.RECEIPT: Text("Su recibo", "{shop}: este es su recibo. Gracias por su visita."),
        MessageKind.HELP: Text(
            "Ayuda",
            "{shop}: mensajes de su programa de fidelidad. STOP para no recibir nada, "
            "NO SOY YO si este no es su caso.",
        ),
    },
    stop=" STOP para no recibir nada.",
    leave="Para no recibir estos mensajes: {opt_out_link}",
)
