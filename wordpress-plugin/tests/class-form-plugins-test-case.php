<?php
/**
 * A form of each plugin for forms.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Form_Plugins;
use Gateway_Connector\Form_Settings;
use Gateway_Connector\Intake;
use Gateway_Connector\Plugin_Form_Listener;
use Gateway_Connector\Plugin_Form_Settings;
use Gateway_Connector\Subscription;
use GFAPI;
use RuntimeException;

/**
 * A site with stand-ins for all plugins for forms that we know. Each has the same form: a name, an address, a town, topics to choose and
 * the box "Yes, send me the newsletter."; and each is sent in the way of its plugin.
 */
abstract class Form_Plugins_Test_Case extends Plugin_Test_Case {

	protected const WORDS = 'Yes, send me the newsletter.';

	/**
	 * The plugins' own hooks.
	 */
	private const HOOKS = array(
		'wpforms_process_complete',
		'gform_after_submission',
		'fluentform/submission_inserted',
		'ninja_forms_after_submission',
		'elementor_pro/forms/new_record',
	);

	/**
	 * Two choices, as most plugins have them.
	 */
	private const TOPICS = array(
		array( 'label' => 'News', 'value' => 'News' ),
		array( 'label' => 'Offers', 'value' => 'Offers' ),
	);

	private const WPFORMS = array(
		array( 'id' => '1', 'type' => 'name', 'label' => 'Name', 'format' => 'first-last' ),
		array( 'id' => '2', 'type' => 'email', 'label' => 'Email', 'required' => '1' ),
		array( 'id' => '3', 'type' => 'text', 'label' => 'Town' ),
		array( 'id' => '4', 'type' => 'checkbox', 'label' => 'Topics', 'choices' => self::TOPICS ),
		array( 'id' => '5', 'type' => 'gdpr-checkbox', 'label' => 'Letter', 'choices' => array( 1 => array( 'label' => self::WORDS ) ) ),
		array( 'id' => '6', 'type' => 'divider', 'label' => 'Thank you' ),
	);

	private const ELEMENTOR = array(
		'id'          => '1a2b3c4',
		'form_name'   => 'Letter',
		'form_fields' => array(
			array( '_id' => 'aa', 'custom_id' => 'name', 'field_label' => 'Name' ),
			array( '_id' => 'bb', 'custom_id' => 'email', 'field_type' => 'email', 'field_label' => 'Email' ),
			array( '_id' => 'cc', 'custom_id' => 'town', 'field_type' => 'text', 'field_label' => 'Town' ),
			array(
				'_id'           => 'dd',
				'custom_id'     => 'topics',
				'field_type'    => 'checkbox',
				'field_label'   => 'Topics',
				'field_options' => "News\nOffers",
			),
			array( '_id' => 'ee', 'custom_id' => 'letter', 'field_type' => 'acceptance', 'acceptance_text' => self::WORDS ),
			array( '_id' => 'ff', 'custom_id' => 'secret', 'field_type' => 'password', 'field_label' => 'Secret' ),
		),
	);

	/**
	 * Our ids of name, address, town and box, by plugin.
	 */
	protected const IDS = array(
		'wpforms'   => array( '1', '2', '3', '5' ),
		'gravity'   => array( '1', '2', '3', '5.1' ),
		'fluent'    => array( 'names', 'email', 'town', 'letter' ),
		'ninja'     => array( '1', '2', '3', '5' ),
		'elementor' => array( 'name', 'email', 'town', 'letter' ),
	);

	private int $post = 0;

	private int $page = 0;

	protected function setUp(): void {
		parent::setUp();
		foreach ( array( 'wpforms', 'class-gfapi', 'fluent-forms', 'ninja-forms', 'elementor' ) as $stand_in ) {
			require_once __DIR__ . "/form-plugins/{$stand_in}.php";
		}
		$content    = array( 'fields' => self::WPFORMS, 'settings' => array( 'form_title' => 'Letter' ) );
		$this->post = wp_insert_post(
			array(
				'post_type'    => 'wpforms',
				'post_status'  => 'publish',
				'post_title'   => 'Letter',
				'post_content' => wp_slash( (string) wp_json_encode( $content ) ),
			)
		);
		$widget     = array( 'id' => '1a2b3c4', 'elType' => 'widget', 'widgetType' => 'form', 'settings' => self::ELEMENTOR );
		$this->page = wp_insert_post( array( 'post_type' => 'page', 'post_status' => 'publish', 'post_title' => 'Landing' ) );
		$without    = static fn( array $field ): array => array_diff_key( $field, array( 'value' => 1 ) );

		GFAPI::$forms            = array( $this->gravity_form() );
		$GLOBALS['fluent_forms'] = array( $this->fluent_form() );
		$GLOBALS['ninja_forms']  = array(
			9 => array(
				'settings' => array( 'title' => 'Letter' ),
				'fields'   => array_map( $without, $this->ninja_fields( false ) ),
			),
		);
		update_post_meta(
			$this->page,
			'_elementor_data',
			wp_slash( (string) wp_json_encode( array( array( 'elType' => 'container', 'elements' => array( $widget ) ) ) ) )
		);
		( new Plugin_Form_Listener( new Intake( $this->spool ) ) )->listen();
	}

	protected function tearDown(): void {
		array_map( 'remove_all_actions', self::HOOKS );
		wp_delete_post( $this->post, true );
		wp_delete_post( $this->page, true );
		parent::tearDown();
	}

	public function plugins(): array {
		$names = array_keys( self::IDS );
		return array_combine( $names, array_map( static fn( $name ) => array( $name ), $names ) );
	}

	/**
	 * The key of a plugin's form.
	 */
	protected function key( string $plugin ): string {
		$ids = array( 'wpforms' => $this->post, 'gravity' => 7, 'fluent' => 8, 'ninja' => 9, 'elementor' => '1a2b3c4' );
		return "{$plugin}-{$ids[ $plugin ]}";
	}

	/**
	 * Connects a plugin's form as its owner does.
	 */
	protected function connect( string $plugin, array $change = array() ): void {
		list( $name, $email, $town, $box ) = self::IDS[ $plugin ];

		$subscription = $change + array(
			'list'           => 'lst_1',
			'email'          => $email,
			'name'           => $name,
			'properties'     => array( 'city' => $town ),
			'consent'        => $box,
			'policy_url'     => 'https://shop.example/privacy',
			'policy_version' => '2026-05',
		);
		$form         = Form_Plugins::form( $this->key( $plugin ) );
		Plugin_Form_Settings::save( $form, new Form_Settings( true, array( Subscription::from_array( $subscription ) ) ) );
	}

	/**
	 * Sends a plugin's form: does what the plugin does when it has checked and taken what a visitor sent.
	 *
	 * @param string $plugin Its short name.
	 * @param bool   $ticked Whether the visitor ticked the box.
	 */
	protected function submit( string $plugin, bool $ticked = true ): void {
		switch ( $plugin ) {
			case 'wpforms':
				$this->submit_wpforms( $ticked );
				return;
			case 'gravity':
				do_action( 'gform_after_submission', self::gravity_entry( $ticked ), $this->gravity_form() );
				return;
			case 'fluent':
				$this->submit_fluent( $ticked );
				return;
			case 'ninja':
				do_action( 'ninja_forms_after_submission', $this->ninja_data( $ticked ) );
				return;
			case 'elementor':
				$this->submit_elementor( $ticked );
				return;
			default:
				throw new RuntimeException( $plugin );
		}
	}

	protected static function gravity_entry( bool $ticked ): array {
		return array(
			'id'         => '31',
			'status'     => 'active',
			'source_url' => home_url( '/contact/' ),
			'1.3'        => 'Ann',
			'1.6'        => "O'Brien",
			'2'          => 'ann@example.org',
			'3'          => 'Lyon',
			'4.1'        => 'News',
			'4.2'        => 'Offers',
			'5.1'        => $ticked ? '1' : '',
			'5.2'        => $ticked ? self::WORDS : '',
			'5.3'        => $ticked ? '1' : '',
		);
	}

	protected function gravity_form(): array {
		$consent = array(
			'id'            => 5,
			'type'          => 'consent',
			'label'         => 'Letter',
			'checkboxLabel' => 'Yes, send me',
			'description'   => 'the <b>newsletter</b>.',
		);
		$name    = array(
			array( 'id' => '1.2', 'label' => 'Prefix', 'isHidden' => true ),
			array( 'id' => '1.3', 'label' => 'First' ),
			array( 'id' => '1.6', 'label' => 'Last' ),
		);
		$topics  = array( array( 'text' => 'News', 'value' => 'News' ), array( 'text' => 'Offers', 'value' => 'Offers' ) );
		return array(
			'id'     => 7,
			'title'  => 'Letter',
			'fields' => array(
				GFAPI::field( array( 'id' => 1, 'type' => 'name', 'label' => 'Name', 'inputs' => $name ) ),
				GFAPI::field( array( 'id' => 2, 'type' => 'email', 'label' => 'Email' ) ),
				GFAPI::field( array( 'id' => 3, 'type' => 'text', 'label' => 'Town' ) ),
				GFAPI::field( array( 'id' => 4, 'type' => 'checkbox', 'label' => 'Topics', 'choices' => $topics ) ),
				GFAPI::field( $consent ),
				GFAPI::field( array( 'id' => 6, 'type' => 'html', 'label' => 'Thank you' ) ),
			),
		);
	}

	protected function ninja_data( bool $ticked ): array {
		return array(
			'form_id'  => 9,
			'settings' => array( 'title' => 'Letter', 'is_preview' => false ),
			'fields'   => $this->ninja_fields( $ticked ),
		);
	}

	private function ninja_fields( bool $ticked ): array {
		$chosen = array( 'options' => self::TOPICS, 'value' => array( 'News', 'Offers' ) );
		$box    = array( 'default_value' => 'unchecked', 'value' => $ticked ? 1 : 0 );
		return array(
			1 => array( 'id' => 1, 'type' => 'firstname', 'label' => 'Name', 'value' => "Ann O'Brien" ),
			2 => array( 'id' => 2, 'type' => 'email', 'label' => 'Email', 'value' => 'ann@example.org' ),
			3 => array( 'id' => 3, 'type' => 'textbox', 'label' => 'Town', 'value' => 'Lyon' ),
			4 => array( 'id' => 4, 'type' => 'listcheckbox', 'label' => 'Topics' ) + $chosen,
			5 => array( 'id' => 5, 'type' => 'checkbox', 'label' => self::WORDS ) + $box,
			6 => array( 'id' => 6, 'type' => 'submit', 'label' => 'Send', 'value' => '' ),
		);
	}

	private function fluent_form(): object {
		$element = static fn( string $element, string $name, array $settings, array $more = array() ): array => array(
			'element'    => $element,
			'attributes' => array( 'name' => $name ),
			'settings'   => $settings,
		) + $more;
		$part    = static fn( string $label, bool $visible ): array => array( 'settings' => compact( 'label', 'visible' ) );
		$names   = array(
			'first_name'  => $part( 'First', true ),
			'middle_name' => $part( 'Middle', false ),
			'last_name'   => $part( 'Last', true ),
		);
		$box     = array( 'label' => 'Letter', 'has_checkbox' => true, 'tnc_html' => 'Yes, send me the <i>newsletter</i>.' );
		$terms   = array( 'label' => 'Terms', 'has_checkbox' => false, 'tnc_html' => 'Our terms.' );
		$columns = array(
			array( 'fields' => array( $element( 'input_email', 'email', array( 'label' => 'Email' ) ) ) ),
			array( 'fields' => array( $element( 'input_text', 'town', array( 'label' => 'Town' ) ) ) ),
		);
		$fields  = array(
			$element( 'input_name', 'names', array( 'label' => '', 'admin_field_label' => 'Name' ), array( 'fields' => $names ) ),
			array( 'element' => 'container', 'attributes' => array(), 'settings' => array(), 'columns' => $columns ),
			$element( 'input_checkbox', 'topics', array( 'label' => 'Topics', 'advanced_options' => self::TOPICS ) ),
			$element( 'gdpr_agreement', 'letter', $box ),
			$element( 'terms_and_condition', 'terms', $terms ),
		);
		return (object) array( 'id' => 8, 'title' => 'Letter', 'form_fields' => wp_json_encode( array( 'fields' => $fields ) ) );
	}

	private function submit_fluent( bool $ticked ): void {
		$posted = array(
			'names'            => array( 'first_name' => 'Ann', 'last_name' => "O'Brien" ),
			'email'            => 'ann@example.org',
			'town'             => 'Lyon',
			'topics'           => array( 'News', 'Offers' ),
			'_wp_http_referer' => '/contact/',
		);
		$tick   = $ticked ? array( 'letter' => 'on' ) : array();
		do_action( 'fluentform/submission_inserted', 31, $posted + $tick, $this->fluent_form() );
	}

	private function submit_elementor( bool $ticked ): void {
		$sent = array(
			'name'   => "Ann O'Brien",
			'email'  => 'ann@example.org',
			'town'   => 'Lyon',
			'topics' => array( 'News', 'Offers' ),
			'letter' => $ticked ? 'on' : '',
		);
		$meta = array( 'page_url' => array( 'title' => 'Page URL', 'value' => home_url( '/contact/' ) ) );
		do_action( 'elementor_pro/forms/new_record', elementor_record( self::ELEMENTOR, $sent, $meta ) );
	}

	/**
	 * WPForms says the words of its box for agreements even of somebody who did not tick it.
	 */
	private function submit_wpforms( bool $ticked ): void {
		$values = array(
			1 => array( 'type' => 'name', 'value' => "Ann O'Brien", 'first' => 'Ann', 'middle' => '', 'last' => "O'Brien" ),
			2 => array( 'type' => 'email', 'value' => 'ann@example.org' ),
			3 => array( 'type' => 'text', 'value' => 'Lyon' ),
			4 => array( 'type' => 'checkbox', 'value' => "News\nOffers" ),
			5 => array( 'type' => 'gdpr-checkbox', 'value' => self::WORDS ),
		);
		$posted = array( 'fields' => array( 2 => 'ann@example.org' ) + ( $ticked ? array( 5 => array( self::WORDS ) ) : array() ) );
		$data   = array( 'id' => $this->post, 'fields' => self::WPFORMS, 'settings' => array( 'form_title' => 'Letter' ) );
		do_action( 'wpforms_process_complete', $values, $posted, $data, 0 );
	}
}
