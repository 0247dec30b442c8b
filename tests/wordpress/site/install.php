<?php
/**
 * Installs the site in the folder given: WordPress, Contact Form 7, our plugin when it is there, two forms and their pages.
 * Prints one line of JSON with what a test needs to know.
 */

[ , $target ] = $argv;

define( 'WP_INSTALLING', true );
$_SERVER['HTTP_HOST']       = '127.0.0.1';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
require $target . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';

const ADMIN = array(
	'user'     => 'admin',
	'password' => 'admin',
);

/**
 * Writes a form as its author would in the editor.
 */
function create_form( string $title, string $locale, string $form ): int {
	$contact_form = WPCF7_ContactForm::get_template( array( 'title' => $title, 'locale' => $locale ) );
	$contact_form->set_properties( array( 'form' => $form ) );
	return $contact_form->save();
}

function create_page( string $title, string $slug, int $form ): string {
	$id = wp_insert_post(
		array(
			'post_type'    => 'page',
			'post_status'  => 'publish',
			'post_title'   => $title,
			'post_name'    => $slug,
			'post_content' => '[contact-form-7 id="' . $form . '"]',
		)
	);
	return get_permalink( $id );
}

wp_install( 'Test Shop', ADMIN['user'], 'admin@shop.example', true, '', ADMIN['password'], 'en_US' );
update_option( 'permalink_structure', '/%postname%/' );
$GLOBALS['wp_rewrite']->init();
flush_rewrite_rules( false );

foreach ( array( 'contact-form-7/wp-contact-form-7.php', 'gateway-connector/gateway-connector.php' ) as $plugin ) {
	if ( file_exists( WP_PLUGIN_DIR . '/' . $plugin ) ) {
		$result = activate_plugin( $plugin );
		if ( is_wp_error( $result ) ) {
			fwrite( STDERR, "install: {$plugin}: {$result->get_error_message()}\n" );
			exit( 1 );
		}
	}
}

$contact    = create_form(
	'Contact',
	'en_US',
	"<label> Your name [text* your-name autocomplete:name] </label>\n"
	. "<label> Your email [email* your-email autocomplete:email] </label>\n"
	. "<label> Your message [textarea your-message] </label>\n"
	. "[acceptance newsletter optional] Yes, send me the newsletter. [/acceptance]\n"
	. '[submit "Send"]'
);
$newsletter = create_form(
	'Lettre',
	'fr_FR',
	"<label> Votre nom [text your-name autocomplete:name] </label>\n"
	. "<label> Votre adresse [email* your-email autocomplete:email] </label>\n"
	. "[newsletter lettre \"Oui, envoyez-moi la lettre d’information.\"]\n"
	. '[submit "Envoyer"]'
);

echo wp_json_encode(
	array(
		'url'   => home_url(),
		'admin' => ADMIN,
		'forms' => array(
			'contact'    => array( 'id' => $contact, 'page' => create_page( 'Contact', 'contact', $contact ) ),
			'newsletter' => array( 'id' => $newsletter, 'page' => create_page( 'Lettre', 'lettre', $newsletter ) ),
		),
	),
	JSON_UNESCAPED_SLASHES
), "\n";
