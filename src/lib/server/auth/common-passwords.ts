/**
 * What passwords are made of when they are guessed first: the base words of the usual lists, without
 * the digits and signs that are hung on them. Written from general knowledge; no list was copied.
 */
export const commonWords: readonly string[] = `
password passwort motdepasse contrasena senha parola wachtwoord passphrase passcode pass word secret
geheim admin administrator root superuser login signin user username guest default changeme letmein
welcome willkommen bienvenue hello hallo bonjour master access test testing temp temporary demo sample
qwerty qwertz azerty asdfgh asdf zxcvbn zxcv qazwsx iloveyou loveyou love lovely baby babygirl princess
prince queen king angel sunshine moonlight starlight rainbow flower butterfly summer winter spring autumn
sommer fruehling herbst monday tuesday wednesday thursday friday saturday sunday january february march
april may june july august september october november december football baseball basketball hockey
soccer tennis golf liverpool arsenal chelsea barcelona bayern juventus yankees cowboys steelers eagles
dragon monkey tiger lion panther eagle falcon shadow ninja samurai warrior hunter killer superman batman
spiderman ironman starwars startrek pokemon pikachu minecraft fortnite matrix mustang ferrari porsche
mercedes corvette harley yamaha honda toyota computer internet google facebook microsoft apple samsung
windows linux android iphone server network system security database cisco oracle michael michelle
jennifer jessica ashley amanda daniel thomas robert charlie jordan andrew matthew joshua anthony william
george james john david richard joseph maria anna laura sarah nicole hannah thomas alexander sebastian
christian stefan martin peter paul max felix lukas jonas freedom liberty america england germany
deutschland france italia espana london berlin paris munich chicago texas florida california canada
cheese chocolate cookie coffee banana orange pepper ginger sugar honey candy whatever nothing something
trustno trust believe jesus christ heaven blessed faith hope money dollar millionaire lucky diamond gold
silver purple yellow green blue black white red correct horse battery staple thequickbrownfox
jumpsoverthelazydog loremipsum dolorsitamet abcdef abcdefgh abcdefghijklmnop alphabet
`
	.trim()
	.split(/\s+/);

/** Words that lie near here: the product, the trade, the place of work. */
export const contextWords: readonly string[] = `
readroom echo echocardiography echocardiogram echokardiographie cardio cardiology cardiologist
kardiologie heart herz doctor doktor nurse physician sonographer sonography ultrasound ultraschall
hospital clinic klinik krankenhaus praxis practice medical medizin medicine health patient report befund
radiology dicom pacs ward station
`
	.trim()
	.split(/\s+/);

/** Rows and columns under the fingers, both ways. */
export const keyboardRuns: readonly string[] = [
	'1234567890',
	'qwertyuiop',
	'qwertzuiop',
	'azertyuiop',
	'asdfghjkl',
	'zxcvbnm',
	'yxcvbnm',
	'1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
	'abcdefghijklmnopqrstuvwxyz'
].flatMap((run) => [run, [...run].reverse().join('')]);
