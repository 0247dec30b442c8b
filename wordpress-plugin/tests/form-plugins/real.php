<?php
/**
 * Makes a form in a real plugin for forms, connects it, sends it as a browser does, and compares what the spool gets. See
 * ../real-form-plugins.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

use Gateway_Connector\Form_Plugins;
use Gateway_Connector\Form_Settings;
use Gateway_Connector\Plugin_Form_Settings;
use Gateway_Connector\Spool;
use Gateway_Connector\Subscription;

list( , $name, $tick ) = $argv;

const WORDS = 'Yes, send me the newsletter.';

// The main file of each plugin.
const FILES = array(
	'wpforms' => 'wpforms-lite/wpforms.php',
	'gravity' => 'gravityforms/gravityforms.php',
	'fluent'  => 'fluentform/fluentform.php',
	'ninja'   => 'ninja-forms/ninja-forms.php',
);

$_SERVER['REMOTE_ADDR']     = '203.0.113.7';
$_SERVER['HTTP_USER_AGENT'] = 'Mozilla/5.0 (Test)';
$_SERVER['REQUEST_METHOD']  = 'POST';
require dirname( __DIR__ ) . '/load-wordpress.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
$_SERVER['HTTP_REFERER'] = home_url( '/contact/' );
wp_set_current_user( 1 );

if ( ! is_plugin_active( FILES[ $name ] ) ) {
	ob_start();
	$error = activate_plugin( FILES[ $name ] );
	ob_end_clean();
	if ( is_wp_error( $error ) ) {
		echo "not ok - {$name}: {$error->get_error_message()}\n";
		exit( 1 );
	}
	// It is loaded from the start in another process.
	passthru( implode( ' ', array_map( 'escapeshellarg', array( PHP_BINARY, '-d', 'memory_limit=512M', ...$argv ) ) ), $code );
	exit( $code );
}

$spool = new Spool( $wpdb );
$spool->schema()->create();
$wpdb->query( $wpdb->prepare( 'DELETE FROM %i', $spool->table() ) );

/**
 * Connects the form that was just made.
 */
function connect( string $key, array $ids ): void {
	list( $name, $email, $town, $box ) = array_map( 'strval', $ids );

	$chosen = compact( 'name', 'email' ) + array( 'list' => 'lst_1', 'consent' => $box, 'properties' => array( 'city' => $town ) );
	$form   = Form_Plugins::form( $key );
	if ( ! $form || WORDS !== ( $form->boxes()[ $box ] ?? '' ) ) {
		echo "not ok - {$key} is not found with its box\n";
		exit( 1 );
	}
	Plugin_Form_Settings::save( $form, new Form_Settings( true, array( Subscription::from_array( $chosen ) ) ) );
	wp_set_current_user( 0 );
}

/**
 * Compares what the spool got.
 */
function compare( string $name, bool $ticked ): void {
	global $wpdb, $spool;
	$found = $wpdb->get_col( $wpdb->prepare( 'SELECT payload FROM %i', $spool->table() ) );
	$given = json_decode( $found[0] ?? '{}', true );
	$is    = array(
		count( $found ),
		array_map( static fn( $field ) => $given['fields'][ $field ] ?? null, array( 'Name', 'Email', 'Town', 'Topics' ) ),
		$given['subscribe'][0]['properties'] ?? null,
		$given['subscribe'][0]['consent'] ?? null,
	);
	$ought = array(
		1,
		array( "Ann O'Brien", 'ann@example.org', 'Lyon', array( 'News', 'Offers' ) ),
		array( 'city' => 'Town' ),
		array( 'given' => $ticked, 'text' => WORDS ),
	);
	$what  = sprintf( '%s, %s', $name, $ticked ? 'ticked' : 'not ticked' );
	fwrite( STDOUT, $is === $ought ? "ok - {$what}\n" : "not ok - {$what}: " . wp_json_encode( $is ) . "\n" );
	exit( $is === $ought ? 0 : 1 );
}

function send_wpforms( bool $ticked ): void {
	$topics  = array( 1 => array( 'label' => 'News', 'value' => '' ), 2 => array( 'label' => 'Offers', 'value' => '' ) );
	$fields  = array(
		1 => array( 'id' => '1', 'type' => 'name', 'label' => 'Name', 'format' => 'first-last' ),
		2 => array( 'id' => '2', 'type' => 'email', 'label' => 'Email' ),
		3 => array( 'id' => '3', 'type' => 'text', 'label' => 'Town' ),
		4 => array( 'id' => '4', 'type' => 'checkbox', 'label' => 'Topics', 'choices' => $topics ),
		5 => array( 'id' => '5', 'type' => 'gdpr-checkbox', 'label' => 'Letter', 'choices' => array( 1 => array( 'label' => WORDS ) ) ),
	);
	$message = array( 'type' => 'message', 'message' => 'Thanks' );
	$id      = wp_insert_post( array( 'post_type' => 'wpforms', 'post_status' => 'publish', 'post_title' => 'Letter' ) );
	$content = array(
		'id'       => $id,
		'fields'   => $fields,
		'settings' => array( 'form_title' => 'Letter', 'notification_enable' => '0', 'confirmations' => array( 1 => $message ) ),
	);
	wp_update_post( array( 'ID' => $id, 'post_content' => wp_slash( (string) wp_json_encode( $content ) ) ) );
	connect( "wpforms-{$id}", array( 1, 2, 3, 5 ) );

	$entry = array(
		'id'     => (string) $id,
		'fields' => array(
			1 => array( 'first' => 'Ann', 'last' => "O'Brien" ),
			2 => 'ann@example.org',
			3 => 'Lyon',
			4 => array( 'News', 'Offers' ),
		) + ( $ticked ? array( 5 => array( WORDS ) ) : array() ),
	);
	$_POST = wp_slash( array( 'wpforms' => $entry ) );
	wpforms()->obj( 'process' )->process( $entry );
}

function send_gravity( bool $ticked ): void {
	$name   = array( array( 'id' => '1.3', 'label' => 'First' ), array( 'id' => '1.6', 'label' => 'Last' ) );
	$topics = array( array( 'text' => 'News', 'value' => 'News' ), array( 'text' => 'Offers', 'value' => 'Offers' ) );
	$boxes  = array( array( 'id' => '4.1', 'label' => 'News' ), array( 'id' => '4.2', 'label' => 'Offers' ) );
	$parts  = array_map( static fn( $id ) => array( 'id' => $id, 'label' => $id ), array( '5.1', '5.2', '5.3' ) );
	$id     = GFAPI::add_form(
		array(
			'title'  => 'Letter',
			'fields' => array(
				array( 'id' => 1, 'type' => 'name', 'label' => 'Name', 'inputs' => $name ),
				array( 'id' => 2, 'type' => 'email', 'label' => 'Email' ),
				array( 'id' => 3, 'type' => 'text', 'label' => 'Town' ),
				array( 'id' => 4, 'type' => 'checkbox', 'label' => 'Topics', 'choices' => $topics, 'inputs' => $boxes ),
				array( 'id' => 5, 'type' => 'consent', 'label' => 'Letter', 'checkboxLabel' => WORDS, 'inputs' => $parts ),
			),
		)
	);
	connect( "gravity-{$id}", array( 1, 2, 3, '5.1' ) );

	$sent = array( 'input_1_3' => 'Ann', 'input_1_6' => "O'Brien", 'input_2' => 'ann@example.org', 'input_3' => 'Lyon' )
		+ array( 'input_4_1' => 'News', 'input_4_2' => 'Offers' ) + ( $ticked ? array( 'input_5_1' => '1' ) : array() );
	GFAPI::submit_form( $id, $sent );
}

function send_fluent( bool $ticked ): void {
	global $wpdb;
	$element = static fn( string $element, string $name, array $settings, array $more = array() ): array => array(
		'element'    => $element,
		'attributes' => array( 'name' => $name ),
		'settings'   => $settings + array( 'admin_field_label' => '', 'validation_rules' => array(), 'conditional_logics' => array() ),
		'uniqElKey'  => "el_{$name}",
	) + $more;
	$part    = static fn( string $name ): array => $element( 'input_text', $name, array( 'label' => $name, 'visible' => true ) );
	$topics  = array( array( 'label' => 'News', 'value' => 'News' ), array( 'label' => 'Offers', 'value' => 'Offers' ) );
	$parts   = array( 'first_name' => $part( 'first_name' ), 'last_name' => $part( 'last_name' ) );
	$columns = array(
		array( 'fields' => array( $element( 'input_email', 'email', array( 'label' => 'Email' ) ) ) ),
		array( 'fields' => array( $element( 'input_text', 'town', array( 'label' => 'Town' ) ) ) ),
	);
	$fields  = array(
		$element( 'input_name', 'names', array( 'label' => 'Name' ), array( 'fields' => $parts ) ),
		array( 'element' => 'container', 'attributes' => array(), 'settings' => array(), 'columns' => $columns ),
		$element( 'input_checkbox', 'topics', array( 'label' => 'Topics', 'advanced_options' => $topics ) ),
		$element( 'gdpr_agreement', 'letter', array( 'label' => 'Letter', 'has_checkbox' => true, 'tnc_html' => WORDS ) ),
	);
	$wpdb->insert(
		$wpdb->prefix . 'fluentform_forms',
		array(
			'title'       => 'Letter',
			'status'      => 'published',
			'type'        => 'form',
			'form_fields' => wp_json_encode( array( 'fields' => $fields, 'submitButton' => array() ) ),
			'created_at'  => current_time( 'mysql' ),
			'updated_at'  => current_time( 'mysql' ),
		)
	);
	$id = (int) $wpdb->insert_id;
	connect( "fluent-{$id}", array( 'names', 'email', 'town', 'letter' ) );

	$names  = array( 'first_name' => 'Ann', 'last_name' => "O'Brien" );
	$topics = array( 'News', 'Offers' );
	$sent   = compact( 'names', 'topics' ) + array( 'email' => 'ann@example.org', 'town' => 'Lyon', '_wp_http_referer' => '/contact/' );
	$sent  += $ticked ? array( 'letter' => 'on' ) : array();
	$_POST  = array( 'data' => http_build_query( $sent ), 'form_id' => $id );

	$_REQUEST = $_POST;
	( new FluentForm\App\Services\Form\SubmissionHandlerService() )->handleSubmission( $sent, $id );
}

function send_ninja( bool $ticked ): void {
	$form = Ninja_Forms()->form()->get();
	$form->update_settings( array( 'title' => 'Letter' ) )->save();
	$id     = $form->get_id();
	$topics = array( array( 'label' => 'News', 'value' => 'News' ), array( 'label' => 'Offers', 'value' => 'Offers' ) );
	$values = array( 'name' => "Ann O'Brien", 'email' => 'ann@example.org', 'town' => 'Lyon', 'topics' => array( 'News', 'Offers' ) );
	$fields = array(
		'name'   => array( 'type' => 'firstname', 'label' => 'Name' ),
		'email'  => array( 'type' => 'email', 'label' => 'Email' ),
		'town'   => array( 'type' => 'textbox', 'label' => 'Town' ),
		'topics' => array( 'type' => 'listcheckbox', 'label' => 'Topics', 'options' => $topics ),
		'letter' => array( 'type' => 'checkbox', 'label' => WORDS, 'checked_calc_value' => '', 'unchecked_calc_value' => '' ),
	);
	$sent   = array();
	$ids    = array();
	foreach ( $fields as $key => $settings ) {
		$field = Ninja_Forms()->form( $id )->field()->get();
		$field->update_settings( $settings + array( 'key' => $key, 'order' => count( $ids ) + 1 ) )->save();
		$ids[ $key ]              = $field->get_id();
		$sent[ $field->get_id() ] = array( 'id' => $field->get_id(), 'value' => $values[ $key ] ?? (int) $ticked );
	}
	WPN_Helper::build_nf_cache( $id );
	connect( "ninja-{$id}", array( $ids['name'], $ids['email'], $ids['town'], $ids['letter'] ) );

	$posted = array( 'id' => $id, 'fields' => $sent, 'settings' => array(), 'extra' => array() );

	$_POST['formData']    = wp_slash( (string) wp_json_encode( $posted ) );
	$_REQUEST['security'] = wp_create_nonce( 'ninja_forms_display_nonce' );
	add_filter( 'wp_doing_ajax', '__return_true' );
	// It answers the browser, and ends the request.
	ob_start( static fn() => '' );
	register_shutdown_function( 'compare', 'ninja', $ticked );
	( new NF_AJAX_Controllers_Submission() )->submit();
}

$ticked = 'ticked' === $tick;
call_user_func( "send_{$name}", $ticked );
compare( $name, $ticked );
