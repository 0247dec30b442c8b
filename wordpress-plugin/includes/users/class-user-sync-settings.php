<?php
/**
 * How users and lists belong together.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Which roles join which lists, what the gateway gets about a user, and what shows that the user agreed. It is off until
 * the owner switches it on.
 */
final class User_Sync_Settings {

	public const OPTION = 'gateway_connector_users';

	/**
	 * The users tick a box themselves, and confirm by email.
	 */
	public const BOX = 'box';

	/**
	 * The owner has the users' consent already and says where from.
	 */
	public const GIVEN = 'given';

	/**
	 * Stands for every role.
	 */
	public const ANY_ROLE = '*';

	/**
	 * The gateway's limit.
	 */
	private const MAX_RULES   = 20;
	private const MAX_LENGTHS = array(
		'label'          => 500,
		'policy_url'     => 2000,
		'policy_version' => 100,
		'text'           => 2000,
		'source'         => 200,
		'since'          => 10,
	);

	public bool $enabled = false;

	/**
	 * BOX or GIVEN.
	 */
	public string $consent = self::BOX;

	/**
	 * The words beside the box.
	 */
	public string $label = '';

	public string $policy_url = '';

	public string $policy_version = '';

	/**
	 * The words that the users agreed to elsewhere.
	 */
	public string $text = '';

	/**
	 * Where that was.
	 */
	public string $source = '';

	/**
	 * The day since which they agree, such as 2026-05-01.
	 */
	public string $since = '';

	/**
	 * Pairs of role and list.
	 *
	 * @var array{role:string,list:string}[]
	 */
	public array $rules = array();

	/**
	 * Fields of the user by the name of the contact property that they fill.
	 *
	 * @var array<string,string>
	 */
	public array $properties = array();

	/**
	 * Rows of property and field that cannot be sent until the owner changes them.
	 *
	 * @var array{name:string,field:string}[]
	 */
	public array $unfit_properties = array();

	public static function load(): self {
		$saved    = (array) get_option( self::OPTION, array() );
		$settings = new self();

		$settings->enabled = ! empty( $saved['enabled'] );
		$settings->consent = self::GIVEN === ( $saved['consent'] ?? '' ) ? self::GIVEN : self::BOX;
		$settings->rules   = (array) ( $saved['rules'] ?? array() );
		$settings->fill(
			Property_Names::rows( (array) ( $saved['properties'] ?? array() ), (array) ( $saved['unfit_properties'] ?? array() ) )
		);
		foreach ( array_keys( self::MAX_LENGTHS ) as $text ) {
			$settings->$text = (string) ( $saved[ $text ] ?? '' );
		}
		return $settings;
	}

	/**
	 * Reads what the page posted.
	 *
	 * @param array    $input  Unslashed input; rules come as rows of role and list, properties as rows of name and field.
	 * @param string[] $fields The fields that a property may have.
	 */
	public static function from_input( array $input, array $fields ): self {
		$settings = new self();

		$settings->enabled = ! empty( $input['enabled'] );
		$settings->consent = self::GIVEN === ( $input['consent'] ?? '' ) ? self::GIVEN : self::BOX;
		foreach ( self::MAX_LENGTHS as $text => $max ) {
			$settings->$text = self::clean( $input, $text, $max );
		}
		$settings->policy_url = sanitize_url( $settings->policy_url, array( 'http', 'https' ) );
		$settings->since      = 1 === preg_match( '/^\d{4}-\d\d-\d\d$/', $settings->since ) ? $settings->since : '';
		$settings->rules      = self::rules( (array) ( $input['rules'] ?? array() ) );
		$settings->fill( (array) ( $input['properties'] ?? array() ), $fields );
		return $settings;
	}

	/**
	 * Keeps the settings. They are loaded with the other options, because every change of a user asks for them.
	 */
	public function save(): void {
		update_option( self::OPTION, get_object_vars( $this ), true );
	}

	/**
	 * What is missing before anybody can be sent.
	 *
	 * @return string[] What to do, for people.
	 */
	public function missing(): array {
		$missing = array();
		if ( array() === $this->rules ) {
			$missing[] = __( 'choose a role and its list', 'gateway-connector' );
		}
		if ( self::BOX === $this->consent && '' === $this->label ) {
			$missing[] = __( 'write the text beside the box', 'gateway-connector' );
		}
		if ( self::GIVEN === $this->consent
			&& ( '' === $this->text || '' === $this->source || '' === $this->since || strtotime( $this->since ) > time() )
		) {
			$missing[] = __( 'enter what your users agreed to, where, and since which day', 'gateway-connector' );
		}
		return $missing;
	}

	/**
	 * Whether users are sent.
	 */
	public function is_active(): bool {
		return $this->enabled && array() === $this->missing();
	}

	/**
	 * Whether users agree by a box of ours.
	 */
	public function asks(): bool {
		return $this->is_active() && self::BOX === $this->consent;
	}

	/**
	 * What stands beside the box: text, and maybe policyUrl and policyVersion.
	 *
	 * @return array<string,string>
	 */
	public function words(): array {
		return array_filter(
			array(
				'text'          => $this->label,
				'policyUrl'     => $this->policy_url,
				'policyVersion' => $this->policy_version,
			)
		);
	}

	/**
	 * The lists of somebody with these roles.
	 *
	 * @param string[] $roles The roles.
	 * @return string[]
	 */
	public function lists_of( array $roles ): array {
		$lists = array();
		foreach ( $this->rules as $rule ) {
			if ( array() !== $roles && ( self::ANY_ROLE === $rule['role'] || in_array( $rule['role'], $roles, true ) ) ) {
				$lists[] = $rule['list'];
			}
		}
		return array_values( array_unique( $lists ) );
	}

	private static function rules( array $rows ): array {
		$rules = array();
		foreach ( $rows as $row ) {
			$rule = array(
				'role' => self::clean( (array) $row, 'role', 100 ),
				'list' => self::clean( (array) $row, 'list', 100 ),
			);
			if ( ! in_array( '', $rule, true ) && ! in_array( $rule, $rules, true ) ) {
				$rules[] = $rule;
			}
		}
		return array_slice( $rules, 0, self::MAX_RULES );
	}

	private function fill( array $rows, ?array $fields = null ): void {
		list( $this->properties, $this->unfit_properties ) = Property_Names::sort( $rows, $fields );
	}

	private static function clean( array $input, string $name, int $max ): string {
		$text = isset( $input[ $name ] ) && is_string( $input[ $name ] ) ? $input[ $name ] : '';
		$text = sanitize_text_field( Plain_Text::with_spaces( $text ) );
		return mb_substr( $text, 0, $max );
	}
}
