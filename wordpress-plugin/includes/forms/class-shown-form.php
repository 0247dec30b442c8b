<?php
/**
 * What a page showed of a form.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WPCF7_ContactForm;
use WPCF7_FormTag;

/**
 * The words beside the boxes of a form, the policy that applied, the page and its language, as the visitor saw them. They travel with the
 * page in a hidden field, signed. So a page that a cache has kept for weeks proves the words that it showed, not those of today, and nobody
 * can send words of their own.
 *
 * A form that comes without them (a page from before this plugin, an app) or with a signature that is not ours proves no words: the person
 * is asked for the confirmation all the same, and the evidence says that the words are not known.
 */
final class Shown_Form {

	/**
	 * Contact Form 7 keeps names that begin with "_" out of the posted data.
	 */
	public const FIELD = '_gateway_connector_shown';

	/**
	 * Beginning of the name under which a step of a longer form leaves it in the posted data, for the steps that follow.
	 */
	public const CARRIED = 'gateway_connector_shown_';

	private const KIND = 'contact-form-7';

	/**
	 * The locale of the page, such as fr_FR.
	 */
	public string $locale;

	/**
	 * The address of the page; empty when it is not known.
	 */
	public string $page;

	/**
	 * The boxes by name: whether the box is ours, the words and groups of each place, the policy, and the lists it was the consent to.
	 *
	 * @var array<string,array{ours:bool,texts:string[],groups:array<int,string[]>,policyUrl:string,policyVersion:string,lists:string[]}>
	 */
	public array $boxes;

	private function __construct( array $data ) {
		$this->locale = (string) ( $data['locale'] ?? '' );
		$this->page   = (string) ( $data['page'] ?? '' );
		$this->boxes  = (array) ( $data['boxes'] ?? array() );
	}

	public static function register(): void {
		add_filter( 'wpcf7_form_hidden_fields', array( self::class, 'add_field' ) );
		add_filter( 'wpcf7_form_elements', array( self::class, 'number_boxes' ), PHP_INT_MAX );
		add_filter( 'wpcf7_posted_data', array( self::class, 'carry' ), 7 ); // Before the plugins for several steps.
	}

	/**
	 * Adds the hidden field to a form that is connected, or is a step of a longer one.
	 *
	 * @param mixed $fields Values by name.
	 */
	public static function add_field( $fields ): array {
		$fields = (array) $fields;
		$form   = WPCF7_ContactForm::get_current();
		if ( $form && ( Form_Settings::of( $form )->enabled || Multi_Step::is_step( $form ) ) ) {
			$fields[ self::FIELD ] = self::seal( $form );
			Wake_Route::enqueue();
		}
		return $fields;
	}

	/**
	 * Lets boxes that are in the form more than once under one name say which of them was ticked: the second has the value 2, and so on.
	 *
	 * @param mixed $html The form's HTML.
	 */
	public static function number_boxes( $html ): string {
		$html = (string) $html;
		$form = WPCF7_ContactForm::get_current();
		foreach ( $form && Form_Settings::of( $form )->enabled ? Consent::tags( $form ) : array() as $name => $tags ) {
			$number = 0;
			if ( count( $tags ) > 1 ) {
				$html = (string) preg_replace_callback(
					'/<input\b[^>]*\bname="' . preg_quote( $name, '/' ) . '"[^>]*>/',
					static function ( array $input ) use ( &$number ): string {
						return (string) preg_replace( '/\bvalue="1"/', sprintf( 'value="%d"', ++$number ), $input[0] );
					},
					$html
				);
			}
		}
		return $html;
	}

	/**
	 * Leaves what a step showed in the posted data, where the plugin for several steps keeps it for the last one.
	 *
	 * @param mixed $posted The posted data.
	 */
	public static function carry( $posted ): array {
		$posted = (array) $posted;
		$form   = WPCF7_ContactForm::get_current();
		if ( $form && Multi_Step::is_step( $form ) && null !== self::posted( $form ) ) {
			$posted[ self::CARRIED . $form->id() ] = self::field();
		}
		return $posted;
	}

	/**
	 * What the page showed, according to what was posted; null when no signature of ours says so.
	 */
	public static function posted( WPCF7_ContactForm $form ): ?self {
		return self::verify( self::field(), (string) $form->id() );
	}

	/**
	 * The same with the boxes of earlier steps, which stand in the posted data.
	 */
	public static function posted_in_steps( WPCF7_ContactForm $form, array $posted_data ): ?self {
		$shown = self::posted( $form );
		foreach ( Multi_Step::is_step( $form ) ? $posted_data : array() as $name => $value ) {
			if ( 0 === strpos( (string) $name, self::CARRIED ) && is_string( $value ) ) {
				$step = self::verify( $value, substr( (string) $name, strlen( self::CARRIED ) ) );
				if ( $step && $shown ) {
					$shown->boxes += $step->boxes;
				} elseif ( $step ) {
					$shown = $step;
				}
			}
		}
		return $shown;
	}

	/**
	 * Names of the boxes that were the consent to a list.
	 *
	 * @param string $list_id The list.
	 * @param string $box     The box that the settings name now.
	 * @return string[]
	 */
	public function boxes_for( string $list_id, string $box ): array {
		$is_meant = static fn( array $shown ) => in_array( $list_id, (array) $shown['lists'], true );
		$names    = array_keys( array_filter( $this->boxes, $is_meant ) );
		if ( isset( $this->boxes[ $box ] ) ) {
			$names[] = $box;
		}
		return array_values( array_unique( array_map( 'strval', $names ) ) );
	}

	/**
	 * The signed text.
	 */
	private static function seal( WPCF7_ContactForm $form ): string {
		$settings = Form_Settings::of( $form );
		$around   = Conditional_Groups::around_fields( $form );
		$boxes    = array();
		foreach ( Consent::tags( $form ) as $name => $tags ) {
			$meant          = array_filter( $settings->complete(), static fn( Subscription $one ) => $one->consent === $name );
			$first          = array() === $meant ? new Subscription() : reset( $meant );
			$boxes[ $name ] = array(
				'ours'          => Newsletter_Tag::TYPE === $tags[0]->basetype,
				'texts'         => array_map( static fn( WPCF7_FormTag $tag ) => Consent::text( $tag, $form ), $tags ),
				'groups'        => $around[ $name ] ?? array(),
				'policyUrl'     => '' === $first->policy_url ? Policy::url( $tags[0], $form ) : $first->policy_url,
				'policyVersion' => $first->policy_version,
				'lists'         => array_values( array_map( static fn( Subscription $one ) => $one->list, $meant ) ),
			);
		}
		return Signed_Fields::sign(
			array(
				'kind'   => self::KIND,
				'form'   => (string) $form->id(),
				'locale' => Page_Language::current(),
				'page'   => self::address(),
				'boxes'  => $boxes,
			)
		);
	}

	private static function verify( string $signed, string $form_id ): ?self {
		$data = '' === $signed ? null : Signed_Fields::verify( $signed );
		$ours = null !== $data && self::KIND === ( $data['kind'] ?? '' ) && (string) ( $data['form'] ?? '' ) === $form_id;
		return $ours ? new self( $data ) : null;
	}

	private static function field(): string {
		return Request::text( self::FIELD );
	}

	/**
	 * The page that is being made, without the question mark and what follows: a cache shows it to others too.
	 */
	private static function address(): string {
		$request = isset( $_SERVER['REQUEST_URI'] ) ? sanitize_url( wp_unslash( $_SERVER['REQUEST_URI'] ) ) : '/';
		$is_part = false !== strpos( $request, '/' . rest_get_url_prefix() . '/' ) || false !== strpos( $request, 'rest_route=' );
		if ( $is_part || wp_doing_ajax() ) {
			return ''; // A script puts it into a page that is not known here.
		}
		if ( is_singular() ) {
			return (string) get_permalink( get_queried_object_id() );
		}
		$home = (array) wp_parse_url( home_url() );
		$port = isset( $home['port'] ) ? ':' . $home['port'] : '';
		return sprintf( '%s://%s%s%s', $home['scheme'] ?? 'https', $home['host'] ?? '', $port, (string) strtok( $request, '?' ) );
	}
}
