<?php
/**
 * One sign-up that code hands in.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WP_Error;

/**
 * What a person entered into a form of any kind, and what they agreed to there. Reads what gateway_connector_subscribe() takes, and turns
 * it into a submission of the gateway's API.
 */
final class Sign_Up {

	/**
	 * What gateway_connector_subscribe() takes, with the defaults.
	 */
	private const MEMBERS = array(
		'email'          => '',
		'list'           => array(),
		'consent'        => '',
		'name'           => '',
		'fields'         => array(),
		'properties'     => array(),
		'form'           => '',
		'page'           => '',
		'language'       => '',
		'policy_url'     => '',
		'policy_version' => '',
		'ip'             => null,
		'user_agent'     => null,
	);

	private const MAX_ID = 100; // The gateway's limit.

	private array $members;

	private function __construct( array $members ) {
		$this->members = $members;
	}

	/**
	 * Reads what code handed in.
	 *
	 * @param array $given The members that readme.txt describes.
	 * @return self|WP_Error An error that the visitor or the site's developer can fix: email, list or box.
	 */
	public static function from_array( array $given ) {
		$members         = array_intersect_key( $given, self::MEMBERS ) + self::MEMBERS;
		$members['list'] = array_values( array_unique( self::texts( (array) $members['list'] ) ) );
		foreach ( array( 'email', 'consent', 'name', 'form', 'page', 'language', 'policy_url', 'policy_version' ) as $text ) {
			$members[ $text ] = is_scalar( $members[ $text ] ) ? trim( (string) $members[ $text ] ) : '';
		}
		$members['consent'] = Plain_Text::of( $members['consent'] );
		if ( ! Email_Address::is_valid( $members['email'] ) ) {
			return self::error( Subscribe_Answer::EMAIL );
		}
		if ( array() === $members['list'] ) {
			return new WP_Error( 'list', __( 'Choose the mailing list that people will join.', 'gateway-connector' ) );
		}
		return '' === $members['consent'] ? self::error( Subscribe_Answer::BOX ) : new self( $members );
	}

	/**
	 * What is wrong, in the words of our own form. The code is that of the answer.
	 */
	public static function error( string $answer ): WP_Error {
		return new WP_Error( $answer, Subscribe_Answer::text( $answer, null ) );
	}

	/**
	 * Whether it comes from a visitor whose request this is, and not from a scheduled event, a command or another server.
	 */
	public function is_of_this_request(): bool {
		return null === $this->members['ip'] && '' !== Visitor::ip();
	}

	/**
	 * The submission, as the gateway's API describes it, without its key.
	 */
	public function submission(): array {
		$members    = $this->members;
		$person     = array(
			'email' => $members['email'],
			'name'  => $members['name'],
		);
		$fields     = array_filter( $person, 'strlen' );
		$names      = array_combine( array_keys( $fields ), array_keys( $fields ) );
		$fields    += (array) $members['fields'];
		$properties = Property_Names::sort(
			Property_Names::rows( (array) $members['properties'] ),
			array_map( 'strval', array_keys( $fields ) )
		)[0];
		$consent    = array(
			'given'         => true,
			'text'          => $members['consent'],
			'policyUrl'     => sanitize_url( $members['policy_url'], array( 'http', 'https' ) ),
			'policyVersion' => $members['policy_version'],
		);
		$wanted     = $names + array(
			'properties' => $properties,
			'consent'    => array_filter( $consent ),
		);
		return array(
			'submittedAt' => gmdate( 'Y-m-d\TH:i:s\Z' ),
			'form'        => array(
				'id'     => mb_substr( rtrim( Intake::NO_FORM . '-' . sanitize_title( $members['form'] ), '-' ), 0, self::MAX_ID ),
				'title'  => '' === $members['form'] ? get_bloginfo( 'name' ) : $members['form'],
				'url'    => $this->page(),
				'locale' => '' === $members['language'] ? determine_locale() : $members['language'],
			),
			'fields'      => $fields,
			'visitor'     => array(
				'ip'        => (string) ( $members['ip'] ?? Visitor::ip() ),
				'userAgent' => (string) ( $members['user_agent'] ?? Visitor::server( 'HTTP_USER_AGENT' ) ),
			),
			'subscribe'   => array_map( static fn( string $id ) => array( 'list' => $id ) + $wanted, $members['list'] ),
		);
	}

	/**
	 * The page with the form: a form is often posted to another address, which nobody has read.
	 */
	private function page(): string {
		$referer = (string) wp_get_raw_referer();
		$url     = sanitize_url( '' === $this->members['page'] ? $referer : $this->members['page'], array( 'http', 'https' ) );
		return '' === $url ? home_url( '/' ) : $url;
	}

	/**
	 * The texts among members that are not empty.
	 *
	 * @return string[]
	 */
	private static function texts( array $members ): array {
		return array_filter( array_map( static fn( $text ) => is_string( $text ) ? trim( $text ) : '', $members ), 'strlen' );
	}
}
