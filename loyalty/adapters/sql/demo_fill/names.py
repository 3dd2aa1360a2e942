"""Names of made-up people. Any likeness is chance."""


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GIVEN = _listed(
    """
    Camille Léa Manon Chloé Emma Inès Jade Louise Alice Lina Zoé Anaïs Clara Juliette Margaux Élise
    Noémie Agathe Maëlle Océane Solène Océlie Amélie Aurélie Céline Delphine Émilie Fanny Gaëlle Hélène
    Isabelle Joëlle Karine Laurence Mélanie Nathalie Odile Pascale Rachel Sandrine Thérèse Véronique
    Yasmina Fatima Aïcha Samira Leïla Nadia Khadija Mariama Aminata Awa Fatou Linh Mai Lan Mei Sofia
    Giulia Carmen Lucía Ana Beatriz Olga Irina Kateryna Gabriel Léo Raphaël Louis Arthur Hugo Jules Adam
    Lucas Maël Paul Nathan Théo Tom Noé Antoine Baptiste Clément Damien Étienne Félix Guillaume Hervé
    Jérôme Kévin Loïc Mathieu Nicolas Olivier Philippe Quentin Rémi Sébastien Thibault Valentin Xavier
    Yann Zacharie Jean-Luc Jean-Pierre Jean-Baptiste Marie-Ève Marie-Claude Anne-Sophie Mohamed Karim
    Rachid Youssef Idris Omar Bilal Ibrahima Moussa Mamadou Ousmane Kwame Minh Anh Wei Jin Pedro João
    Diego Mateo Ivan Dmitri Andrzej Piotr Søren Björn Jürgen Maxime Simon Tristan Vincent William
    Xavier-Luc Zachary
    """
)
FAMILY = _listed(
    """
    Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefebvre Leroy
    Roux David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Muller
    Lefèvre Faure André Mercier Blanc Guérin Boyer Garnier Chevalier François Legrand Gauthier Garcia
    Perrin Robin Clément Morin Nicolas Henry Roussel Mathieu Gautier Masson Marchand Duval Denis Dumont
    Marie Lemaire Noël Meyer Dufour Meunier Brun Blanchard Giraud Joly Rivière Lucas Brunet Gaillard
    Barbier Arnaud Martínez Gérard Roche Renard Schmitt Roy Leroux Colin Vidal Caron Picard Roger Fabre
    Aubert Lemoine Renaud Dumas Lacroix Olivier Philippe Bourgeois Pierre Benoît Rey Leclerc Payet
    Rolland Leclercq Guillaume Lecomte Lopez Jean Dupuy Guillot Hubert Berger Carpentier Sánchez Dupuis
    Moulin Louis Deschamps Huet Vasseur Perez Boucher Fleury Royer Klein Jacquet Adam Paris Poirier
    Marty Aubry Guyot Carré Charles Renault Charpentier Ménard Maillard Baron Bertin Bailly Hervé
    Schneider Fernández Le-Gall Colas Tremblay Gagnon Côté Bouchard Gauthier-Roy Morin-Lévesque Lavoie
    Fortin Gagné Ouellet Pelletier Bélanger Lévesque Bergeron Leblanc Paquette Girard-Dubé Simard
    Boucher-Caron Caron-Beaulieu Beaulieu Cloutier Dubé Poirier-Nadeau Nadeau Hébert Desjardins Thibault
    Lapointe Gélinas Langlois Deslauriers L’Écuyer D’Amours Saint-Pierre Larivière Benali Haddad
    Mansouri Cissé Diallo Traoré Diop Ndiaye Sow Camara Nguyen Tran Pham Chen Wang Li Silva Santos
    Ferreira Rossi Ferrari Kowalski Nowak Ivanov Petrov Öztürk Yılmaz Œuvrard Æbischer Ångström Sørensen
    """
)
COMPANIES = (
    "Boulangerie du Parc",
    "Garage Lavallée",
    "Clinique du Marché",
    "École des Tilleuls",
    "Café du Port",
    "Studio Lumière",
    "Librairie Voltaire",
    "Atelier Cyclo",
    "Ferme des Érables",
    "Taxi Rive-Sud",
)
